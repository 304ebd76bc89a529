import { type HttpAnswer, type HttpCall, jsonOrNull, retryAfterMs } from './http-call.ts'

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

export function openServerCall(http: HttpCall, url: string): ServerCall {
  return async ({ body, count, timeoutMs }, abort) => {
    const answer = await http({ method: 'POST', url, body, timeoutMs }, abort)
    return answer.kind === 'none' ? unknown(answer.reason) : readAnswer(answer, count)
  }
}

type Received = HttpAnswer & { readonly kind: 'answer' }

function readAnswer(response: Received, count: number): Answer {
  const { status } = response
  const body = jsonOrNull(response.text)
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

function unknown(reason: string, response?: Received, code = 'client.no_answer'): Answer {
  if (response === undefined) return { kind: 'unknown', code, reason, askedMs: 0 }
  const { status, headers } = response
  return { kind: 'unknown', code, reason, status, askedMs: retryAfterMs(headers) }
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
