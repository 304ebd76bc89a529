/** An event as the HTTP API takes it. Decimals and instants are text. */
export type EventInput = {
  readonly name: string
  readonly customerId: string
  readonly amount?: string | number
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly timestamp?: string
  readonly sequence?: number
  readonly idempotencyKey: string
}

/** What one line of a file says, or why it says nothing that can be sent. */
export type EventLine =
  | { readonly line: number; readonly event: EventInput }
  | { readonly line: number; readonly refused: string }

/** How the lines of a file become events, as far as the user decides it. */
export type Mapping = {
  /** Begins every idempotency key: `access` gives `access-1` for the first line. */
  readonly keyPrefix: string
  /** Field of the event → column of the file. */
  readonly columns: Readonly<Record<string, string>>
  /** Field of the event → the same value on every line. */
  readonly constants: Readonly<Record<string, string>>
  /** Columns that go into the metadata under their own names. */
  readonly metadata: readonly string[]
}

/** The fields that `columns` and `constants` may name. */
export const MAPPABLE_FIELDS = [
  'name',
  'customerId',
  'amount',
  'timestamp',
  'sequence',
  'idempotencyKey',
] as const
