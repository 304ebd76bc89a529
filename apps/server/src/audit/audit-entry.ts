/** One line of the log of changes. */
export type AuditEntry = {
  readonly organizationId: string
  readonly id: string
  /** Null when the organization itself was changed. */
  readonly mode: 'live' | 'test' | null
  readonly at: Date
  /** `name`: the address of the person or the name of the key, as it is today; null: neither, or gone. */
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string | null }
  readonly action: string
  readonly target: string | null
  readonly requestId: string
  readonly detail: unknown
  /** Its place in the chain; null while it waits for one. */
  readonly position: string | null
}

/** Which entries somebody looks for; what is null is not asked for. */
export type AuditFilter = {
  readonly actor: string | null
  readonly target: string | null
  /** A part of the action, like `/api/v1/plans`. */
  readonly action: string | null
  readonly from: Date | null
  readonly to: Date | null
}
