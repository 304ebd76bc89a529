/** Why the embedded PostgreSQL does not serve, for programs that want to tell the cases apart. */
export type EmbeddedPostgresProblem =
  | 'missing_binaries'
  | 'folder_in_use'
  | 'folder_not_ours'
  | 'folder_not_reachable'
  | 'other_version'
  | 'port_taken'
  | 'disk_full'
  | 'did_not_start'

/** A start that cannot work until a person changes something; the message says what. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly problem: EmbeddedPostgresProblem

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}
