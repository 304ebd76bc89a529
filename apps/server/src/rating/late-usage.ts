import {
  beyondIncluded,
  composeInvoice,
  type Decimal,
  type DimensionValue,
  type Item,
  type MeteredPrice,
  partsOf,
  type Span,
  shareOf,
  ZERO,
} from '@usageflow/pricing'
import type { NamedVersion } from '../catalog/find-plan.ts'
import type { PricedMeter } from '../catalog/plan.ts'
import type { BillingDetails } from '../customers/customer.ts'
import { NO_USAGE, quantityOf, type Slice, type Total } from '../metering/total.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { answerId, type UsageQuestion } from './ask-usage.ts'
import { taxRateOf } from './tax-of.ts'

/** A period that was invoiced, and of which usage was counted since. */
export type LatePeriod = {
  readonly no: number
  /** As it is in the term of the period. */
  readonly subscription: Subscription
  readonly period: Span
  /** By the id of a meter: what was billed of its usage. A meter that is missing had none. */
  readonly billed: ReadonlyMap<string, BilledUsage>
  /** Events of transactions below this number were in the invoice of the period. */
  readonly usageBefore: bigint
}

export type BilledUsage = {
  /** On the invoice of the period and on later ones, whether it was charged or not. */
  readonly amountMinor: bigint
  /** Events of transactions below this number are in it. */
  readonly usageBefore: bigint
  /** By `dimensionKey`: the units that credits paid for. */
  readonly credited: ReadonlyMap<string, Decimal>
}

/** What the usage of one meter that came late changes. */
export type LateCharge = {
  readonly item: Item & { readonly meter: string }
  readonly meter: PricedMeter
  readonly description: string
  readonly coverage: readonly Slice[]
  readonly late: LateOf
}

export type LateOf = {
  readonly periodNo: number
  /** Events of transactions below this number were billed before. */
  readonly since: bigint
  /** What the usage of the period comes to now, without what was billed of it. */
  readonly differenceMinor: bigint
}

export function dimensionKey(dimension: readonly DimensionValue[] | null): string {
  return JSON.stringify(dimension)
}

/** All that decides what late usage of one period comes to. */
export type LateMaterial = {
  readonly period: LatePeriod
  readonly version: NamedVersion
  readonly customer: BillingDetails
  readonly questions: readonly UsageQuestion[]
  readonly totals: ReadonlyMap<string, Total>
  readonly coverage: ReadonlyMap<string, readonly Slice[]>
  /** Of the invoice that charges it. */
  readonly currency: string
  /** Whether the meter passes on what its late usage comes to. */
  readonly isPassedOn: (meter: PricedMeter, late: LateOf) => boolean
}

/**
 * What the whole usage of a period costs at the prices of that period, without what was billed of it, for
 * each meter. The units that credits have paid for stay paid; no others are used, since what was granted
 * for that period has lapsed or pays for others. Nothing is told where nothing changes.
 */
export function lateCharges(material: LateMaterial): LateCharge[] {
  return material.questions.flatMap((question) => {
    const { period } = material
    const billed = period.billed.get(question.meterId)
    const differenceMinor = costOf(question, material) - (billed?.amountMinor ?? 0n)
    if (differenceMinor === 0n) return []
    const since = billed?.usageBefore ?? period.usageBefore
    return [charge(question, material, { periodNo: period.no, since, differenceMinor })]
  })
}

function costOf(
  question: UsageQuestion,
  { period: { period, billed }, version, totals }: LateMaterial,
): bigint {
  const { meter, meterId, price } = question
  const share = shareOf(period)
  const prices = partsOf(price).map((part): MeteredPrice => {
    const total = totals.get(answerId(question.id, part, null)) ?? NO_USAGE
    const quantity = quantityOf(meter, total)
    const paid = billed.get(meterId)?.credited.get(dimensionKey(part.values)) ?? ZERO
    const most = beyondIncluded(part.price.included, quantity, share)
    return {
      ...{ meter: meterId, dimension: part.values, price: part.price, quantity },
      events: total.events,
      credited: atMost(paid, most),
    }
  })
  const { currency } = version
  const usage = { periodStart: period.start, periodEnd: period.end, share, prices }
  return composeInvoice({ currency, base: null, usage }).subtotalMinor
}

function atMost(units: Decimal, most: Decimal): Decimal {
  if (units > most) return most
  return units
}

function charge(question: UsageQuestion, material: LateMaterial, late: LateOf): LateCharge {
  const { meter, meterId, id } = question
  const { period, version, customer, coverage, currency, isPassedOn } = material
  const own = version.prices.find((each) => each.meter.id === meterId)?.taxRateId ?? null
  const isSameCurrency = version.currency === currency
  const isCharged = isSameCurrency && isPassedOn(meter, late)
  const name = `${meter.name}, late usage`
  return {
    item: {
      ...{ name, meter: meterId, amountMinor: isCharged ? late.differenceMinor : 0n },
      ...{ periodStart: period.period.start, periodEnd: period.period.end },
      taxRate: taxRateOf(own, version, customer),
    },
    meter,
    description: isCharged ? name : `${name}, not charged`,
    coverage: coverage.get(id) ?? [],
    late,
  }
}

/** Whether a meter passes it on as it is set now. */
export function passesOn({ lateUsage }: PricedMeter, { differenceMinor }: LateOf): boolean {
  return lateUsage === 'bill' || (lateUsage === 'credit' && differenceMinor < 0n)
}
