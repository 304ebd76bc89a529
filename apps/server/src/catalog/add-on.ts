/** Something that a subscription can have beside its plan. What it says never changes. */
export type AddOn = {
  readonly id: string
  readonly key: string
  readonly name: string
  /** ISO 4217 code. */
  readonly currency: string
  /** Of one, for a whole period or once, in minor units. */
  readonly amountMinor: bigint
  readonly recurring: Recurring
  readonly taxRateId: string | null
  readonly createdAt: Date
  readonly archivedAt: Date | null
}

export const RECURRING = ['period', 'once'] as const
export type Recurring = (typeof RECURRING)[number]
