/** What went wrong, in terms that every layer shares. Only `platform/http` knows the status of a kind. */
export type FailureKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'limited'
  | 'unavailable'

/**
 * A failure that the caller can understand and act on. Anything else that is thrown is a bug or an
 * outage: it is logged in full and shown to the caller as `internal`, with the request id only.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  /** Stable and documented, like `usage.key_reused`: programs branch on it. */
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  /** `message` is shown to people: it names what to change and holds no secret. */
  constructor(kind: FailureKind, code: string, message: string, details = {}) {
    super(message)
    this.kind = kind
    this.code = code
    this.details = details
  }
}

/**
 * Details of a failure that say which field of the body to change, by its place, like `/limits/0`: as those of a malformed
 * body do, so that a form shows both in the same way.
 */
export function atField(at: string, message: string) {
  return { issues: [{ at, message }] }
}

/** Stops on a state that can only be our own mistake; a caller's bad input never gets this far. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${what}`)
}
