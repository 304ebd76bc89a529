import { quietTimer } from './clock.ts'
import type { Fetch } from './config.ts'
import { errorCode } from './errors.ts'

export type HttpRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

/** What came back, or in our own words why nothing did. */
export type HttpAnswer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Names
      readonly text: string
    }
  | { readonly kind: 'none'; readonly reason: string }

type Names = { get(name: string): string | null }

/** Never rejects; `abort` ends it at once. */
export type HttpCall = (request: HttpRequest, abort?: AbortSignal) => Promise<HttpAnswer>

const ANSWER_BYTES_MAX = 4 * 1024 * 1024 // a thousand refusals take a tenth of it

/** The key stays in here: nothing that can be printed or inspected holds it. */
export function openHttpCall(fetch: Fetch, apiKey: string): HttpCall {
  const ours = { 'x-usageflow-api-key': apiKey, 'content-type': 'application/json' }
  return async ({ url, timeoutMs, headers, ...request }, abort) => {
    const controller = new AbortController()
    const end = () => controller.abort()
    const cancelDeadline = quietTimer(end, timeoutMs)
    abort?.addEventListener('abort', end)
    try {
      const { signal } = controller
      // A redirect is not followed: whoever answers there was not given the key.
      const init = { ...request, headers: { ...ours, ...headers }, signal, redirect: 'manual' }
      const response = (await fetch(url, init)) as Response
      const text = await readText(response)
      // Whatever answers may repeat what it was sent, and messages end up in logs.
      const { status, headers: told } = response
      return { kind: 'answer', status, headers: told, text: text.replaceAll(apiKey, '(key)') }
    } catch (error) {
      return { kind: 'none', reason: reasonOf(error, controller.signal.aborted, timeoutMs) }
    } finally {
      cancelDeadline()
      abort?.removeEventListener('abort', end)
    }
  }
}

/** Seconds, or an instant by the server's own clock. */
export function retryAfterMs(headers: Names): number {
  const text = headers.get('retry-after')
  if (text === null) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const ms = Date.parse(text) - Date.parse(headers.get('date') ?? '')
  return Math.max(ms || 0, 0)
}

export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Throws for a body that never ends. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.length
    if (bytes > ANSWER_BYTES_MAX) {
      reader.cancel().catch(() => {})
      throw new RangeError('too long')
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** In our own words, for the words of others may hold what was sent. */
function reasonOf(error: unknown, isAborted: boolean, timeoutMs: number): string {
  if (isAborted)
    return `There was no answer within ${timeoutMs} ms, or it was not waited for any longer.`
  if (error instanceof RangeError) return 'The answer is longer than any that makes sense.'
  const { cause } = (error ?? {}) as { cause?: unknown }
  return `The server could not be reached, or the connection was cut${errorCode(cause)}.`
}
