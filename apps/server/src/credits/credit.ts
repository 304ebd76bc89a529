import type { Decimal, GrantOrder } from '@usageflow/pricing'

/** How a grant came about. */
export const SOURCES = ['plan', 'manual', 'top_up', 'rollover', 'correction'] as const
export type Source = (typeof SOURCES)[number]

/** What a grant is of: units of one meter, or money that may pay for some meters (null: for everything). */
export type Asset =
  | { readonly kind: 'units'; readonly meterId: string }
  | {
      readonly kind: 'money'
      /** ISO 4217 code. */
      readonly currency: string
      readonly meterIds: readonly string[] | null
    }

/** What becomes of the rest of a cycle's grant. */
export type Rollover = {
  /** At most this goes over into the next period, all that is left of one credit taken together; null: all. */
  readonly cap: Decimal | null
  /** How many times it may go over. */
  readonly periods: number
}

/** A grant for a period of a subscription, by a credit of its plan. */
export type Cycle = {
  readonly subscriptionId: string
  readonly periodNo: number
  /** The number of the credit on the plan version, from 1. */
  readonly creditNo: number
  readonly rollover: Rollover | null
  /** The grant whose rest this is; null: it is the plan's own. */
  readonly rolledFrom: string | null
}

/** What a customer was granted. Amounts are units, or whole minor units of money. */
export type Grant = GrantOrder & {
  readonly customer: string
  readonly asset: Asset
  readonly amount: Decimal
  /** `credits.low` is told when no more than this is left; null: never. */
  readonly lowAt: Decimal | null
  readonly source: Source
  readonly name: string
  readonly cycle: Cycle | null
  readonly voidedAt: Date | null
}

/** A grant with what its ledger says. */
export type CreditGrant = Grant & {
  /** The sum of its entries. */
  readonly left: Decimal
}

/** What became of a grant, in the order of its entries. */
export const ENTRY_KINDS = [
  'grant',
  'use',
  'give_back',
  'expiry',
  'void',
  'rollover',
  'hold_commit',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export type Entry = {
  readonly grantId: string
  readonly kind: EntryKind
  /** Negative where it takes away. */
  readonly amount: Decimal
  readonly invoiceId?: string
  readonly holdId?: string
}

export function isValidAt(grant: GrantOrder, at: Date): boolean {
  return grant.from <= at && (grant.to === null || at < grant.to)
}

/** What of these grants can take the place of one another: units of a meter, money of a currency. */
export function poolOf({ customer, asset }: Pick<Grant, 'customer' | 'asset'>): string {
  return `${customer}\n${asset.kind === 'units' ? asset.meterId : asset.currency}`
}
