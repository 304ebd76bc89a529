import { quietTimer } from './clock.ts'
import type { Fetch } from './config.ts'
import { errorCode } from './errors.ts'

/** What became of one event of a request. */
export type Result =
  | { readonly status: 'recorded' | 'duplicate'; readonly eventId: string }
  | { readonly status: 'refused'; readonly code: string; readonly message: string }

/**
 * What the server said to a request. `results`: one for each event. `rejected`: to the request as it
 * stands, of which nothing was stored. `unknown`: nothing is known, and the same may be sent again.
 */
export type Answer =
  | { readonly kind: 'results'; readonly results: readonly Result[] }
  | {
      readonly kind: 'rejected'
      readonly code: string
      readonly message: string
      readonly status: number
    }
  | {
      readonly kind: 'unknown'
      /** The server's, if it gave one. */
      readonly code: string
      readonly reason: string
      readonly status?: number
      /** For how long the server asked to be left alone. */
      readonly askedMs: number
    }

/** Sends JSON of `count` events. Never rejects; `abort` ends it at once. */
export type ServerCall = (
  request: { readonly body: string; readonly count: number; readonly timeoutMs: number },
  abort?: AbortSignal,
) => Promise<Answer>

/** What the server says of what was sent. */
const CONTENT = /^(json|usage)\.|^request\.too_large$/
const CODE_LENGTH_MAX = 100
const MESSAGE_LENGTH_MAX = 500
const ANSWER_BYTES_MAX = 4 * 1024 * 1024 // a thousand refusals take a tenth of it

/** The key stays in here: nothing that can be printed or inspected holds it. */
export function openServerCall(fetch: Fetch, url: string, apiKey: string): ServerCall {
  const headers = { 'x-usageflow-api-key': apiKey, 'content-type': 'application/json' }
  return async ({ body, count, timeoutMs }, abort) => {
    const controller = new AbortController()
    const end = () => controller.abort()
    const cancelDeadline = quietTimer(end, timeoutMs)
    abort?.addEventListener('abort', end)
    try {
      const { signal } = controller
      // A redirect is not followed: whoever answers there was not given the key.
      const init = { method: 'POST', headers, body, signal, redirect: 'manual' }
      const response = (await fetch(url, init)) as Response
      const text = await readText(response)
      // Whatever answers may repeat what it was sent, and messages end up in logs.
      return readAnswer(response, text.replaceAll(apiKey, '(key)'), count)
    } catch (error) {
      return unknown(reasonOf(error, controller.signal.aborted, timeoutMs))
    } finally {
      cancelDeadline()
      abort?.removeEventListener('abort', end)
    }
  }
}

function readAnswer(response: Response, text: string, count: number): Answer {
  const { status } = response
  const body = jsonOrNull(text)
  if (status === 200) {
    const results = resultsOf(body, count)
    return results ? { kind: 'results', results } : unknown('The answer makes no sense.', response)
  }
  const error = errorOf(body)
  // Any other complaint is about how it came here, and usage is not given up for that.
  const isVerdict = (status === 400 || status === 422) && CONTENT.test(error?.code ?? '')
  // 413 comes from what stands before the server, and means the same: not all at once.
  if (status === 413 || isVerdict)
    return {
      kind: 'rejected',
      status,
      code: error?.code ?? 'client.too_large',
      message: error?.message ?? 'What stands before the server takes no request of this size.',
    }
  return unknown(error?.message ?? `The answer is ${status}.`, response, error?.code)
}

function unknown(reason: string, response?: Response, code = 'client.no_answer'): Answer {
  if (response === undefined) return { kind: 'unknown', code, reason, askedMs: 0 }
  const askedMs = retryAfterMs(response.headers.get('retry-after'), response.headers.get('date'))
  return { kind: 'unknown', code, reason, status: response.status, askedMs }
}

/** Seconds, or an instant by the server's own clock. */
function retryAfterMs(text: string | null, serverDate: string | null): number {
  if (text === null) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const ms = Date.parse(text) - Date.parse(serverDate ?? '')
  return Math.max(ms || 0, 0)
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

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function resultsOf(body: unknown, count: number): Result[] | null {
  const given = (body as { results?: unknown } | null)?.results
  if (!Array.isArray(given) || given.length !== count) return null
  const results = given.map(resultOf)
  return results.includes(null) ? null : (results as Result[])
}

function resultOf(given: { status?: unknown; eventId?: unknown } | null): Result | null {
  const status = given?.status
  if (status === 'recorded' || status === 'duplicate')
    return { status, eventId: String(given?.eventId) }
  const error = status === 'refused' ? errorOf(given) : null
  return error ? { status: 'refused', ...error } : null
}

function errorOf(body: unknown): { code: string; message: string } | null {
  const { code, message } = (body as { error?: Record<string, unknown> } | null)?.error ?? {}
  if (typeof code !== 'string' || typeof message !== 'string') return null
  return { code: code.slice(0, CODE_LENGTH_MAX), message: message.slice(0, MESSAGE_LENGTH_MAX) }
}

/** In our own words, for the words of others may hold what was sent. */
function reasonOf(error: unknown, isAborted: boolean, timeoutMs: number): string {
  if (isAborted)
    return `There was no answer within ${timeoutMs} ms, or it was not waited for any longer.`
  if (error instanceof RangeError) return 'The answer is longer than any that makes sense.'
  const { cause } = (error ?? {}) as { cause?: unknown }
  return `The server could not be reached, or the connection was cut${errorCode(cause)}.`
}
