/** A service of the organization's, made when it was seen first. */
export type Application = {
  readonly id: string
  readonly name: string
  readonly firstSeenAt: Date
  /** To the minute. */
  readonly lastSeenAt: Date
}
