import type { ServerResponse } from 'node:http'
import { isOutage } from '../db/database.ts'
import { Failure, type FailureKind } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { RawContext } from './route.ts'

/** The one place that knows which status a kind of failure has. */
export const STATUS: Readonly<Record<FailureKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  invalid: 422,
  limited: 429,
  unavailable: 503,
}

export const JSON_TYPE = 'application/json; charset=utf-8'

/** For answers that no browser has to show: it may not guess, keep, frame or run them. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

const RETRY_AFTER_S = 1
/** Says what each code means. */
export const ERRORS_PATH = '/docs/errors'

export type ErrorAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: {
    readonly error: {
      readonly code: string
      readonly message: string
      readonly details: Readonly<Record<string, unknown>>
      readonly requestId: string
      readonly docs: string
    }
  }
}

/**
 * What the caller is told about `error`. Only a Failure speaks for itself; an outage is 503 with
 * `Retry-After`, and everything else is `internal`, whose text goes to the log and nowhere else.
 */
export function errorAnswer(error: unknown, requestId: string, log: Logger): ErrorAnswer {
  const failure = asFailure(error, log, requestId)
  const status = failure ? STATUS[failure.kind] : 500
  const code = failure?.code ?? 'internal'
  const message =
    failure?.message ?? 'Something went wrong on our side. Retry with the same Idempotency-Key.'
  return {
    status,
    headers: headersOf(status, failure?.details.retryAfter),
    body: {
      error: {
        code,
        message,
        details: failure?.details ?? {},
        requestId,
        docs: `${ERRORS_PATH}#${code}`,
      },
    },
  }
}

function headersOf(status: number, retryAfter: unknown): Record<string, string> {
  if (typeof retryAfter === 'number') return { 'retry-after': String(retryAfter) }
  if (status === 503) return { 'retry-after': String(RETRY_AFTER_S) }
  if (status === 401) return { 'www-authenticate': 'Bearer realm="UsageFlow"' }
  return {}
}

function asFailure(error: unknown, log: Logger, requestId: string): Failure | null {
  if (error instanceof Failure) return error
  if (isOutage(error)) {
    log.warn({ err: error, requestId }, 'the database is away')
    return new Failure(
      'unavailable',
      'unavailable',
      'The database cannot be reached right now. Retry in a second.',
    )
  }
  log.error({ err: error, requestId }, 'a request failed')
  return null
}

/** What a failure is called and where it stands in the answers of another product, whose clients read nothing else. */
export type Words = (answer: ErrorAnswer) => {
  readonly status: number
  readonly body: unknown
  /** JSON unless given. */
  readonly type?: string
}

/** An answer ready to be sent, of ours or in the words of another product: then a header says our own code. */
export function inWords(answer: ErrorAnswer, words: Words | undefined) {
  if (!words) return { ...answer, type: JSON_TYPE }
  const { status, body, type = JSON_TYPE } = words(answer)
  return {
    status,
    body,
    type,
    headers: { ...answer.headers, 'usageflow-error': answer.body.error.code },
  }
}

/** Sends `body` as JSON on a response that no framework owns. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(text),
    ...SECURITY_HEADERS,
    ...headers,
  })
  response.end(text)
}

/** Sends what `errorAnswer` makes of `error`. */
export function sendError(
  response: ServerResponse,
  error: unknown,
  { requestId, log, words }: Pick<RawContext, 'requestId' | 'log' | 'words'>,
): void {
  const answer = inWords(errorAnswer(error, requestId, log), words)
  sendJson(response, answer.status, answer.body, {
    ...answer.headers,
    'content-type': answer.type,
    'x-request-id': requestId,
  })
}
