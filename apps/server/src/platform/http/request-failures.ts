import { Failure } from '../errors.ts'
import type { Scope } from './caller.ts'

const ISSUES_SHOWN = 5
const ISSUE_CHARACTERS_MAX = 300 // it repeats names that the caller made up

type Issue = { readonly instancePath: string; readonly message?: string }

/** What every route can answer with before or beside what it does itself. */
export const failures = {
  routeUnknown: (method: string) =>
    new Failure(
      'not_found',
      'route.unknown',
      `There is no ${method} at this address. The reference is at /docs/api.`,
    ),

  malformed: (issues: readonly Issue[]) => {
    const shown = issues.slice(0, ISSUES_SHOWN).map(shownIssue)
    const text = shown.map(({ at, message }) => `${place(at)}: ${message}`).join('; ')
    return new Failure('malformed', 'request.malformed', text, { issues: shown })
  },

  bodyUnexpected: () =>
    new Failure('malformed', 'request.malformed', 'This address takes no body.'),

  tooLarge: () => new Failure('malformed', 'request.too_large', 'The body is larger than 1 MiB.'),

  headersTooLarge: () =>
    new Failure('malformed', 'request.headers_too_large', 'The headers are larger than 16 KiB.'),

  tooSlow: () =>
    new Failure(
      'malformed',
      'request.too_slow',
      'The request did not arrive whole in time. Send it again.',
    ),

  mediaType: () =>
    new Failure(
      'malformed',
      'request.media_type',
      'Send the body as JSON with `Content-Type: application/json`.',
    ),

  broken: () =>
    new Failure(
      'malformed',
      'request.broken',
      'The request could not be read: its address, headers or body are not valid HTTP.',
    ),

  nulInAddress: () =>
    new Failure('malformed', 'request.nul', 'Remove the NUL (%00) from the address.'),

  scopeMissing: (scope: Scope) =>
    new Failure(
      'forbidden',
      'auth.scope_missing',
      `This key may not do that: it lacks the scope "${scope}".`,
      { scope },
    ),

  stopping: () =>
    new Failure('unavailable', 'unavailable', 'This server is stopping. Retry in a second.'),
}

/** What the framework refused, in our words; everything else passes through as it came. */
export function toFailure(error: unknown): unknown {
  if (error instanceof Failure || typeof error !== 'object' || error === null) return error
  const { code, validation, statusCode } = error as {
    code?: string
    validation?: readonly Issue[]
    statusCode?: number
  }
  if (validation) return failures.malformed(validation)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return failures.tooLarge()
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return failures.mediaType()
  // Also a body that broke off, whose error would pass for a lost connection to the database.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return failures.broken()
  return error
}

/** Throws when a route without a body is sent one that says something. */
export function assertBodyExpected(schema: unknown, body: unknown): void {
  if (!schema && !isEmpty(body)) throw failures.bodyUnexpected()
}

function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true
  return typeof body === 'object' && Object.keys(body).length === 0
}

function shownIssue({ instancePath, message = 'is malformed' }: Issue) {
  return { at: cut(instancePath || '/'), message: cut(message) }
}

function place(at: string): string {
  return at.slice(1).replaceAll('/', '.') || 'the request'
}

function cut(text: string): string {
  return text.length > ISSUE_CHARACTERS_MAX ? `${text.slice(0, ISSUE_CHARACTERS_MAX)}…` : text
}
