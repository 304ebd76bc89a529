import {
  type Cycle,
  type Decimal,
  decimal,
  divideRounded,
  majorFromMinor,
  wholeDecimal,
} from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { countSubscriptions, type Recurring, selectRecurring } from './recurring.store.ts'

/** What active subscriptions bring in a month of base prices, in minor units of one currency. */
export type MonthlyRecurring = {
  readonly currency: string
  readonly subscriptions: number
  readonly amountMinor: bigint
}

export type SubscriptionFigures = {
  readonly monthlyRecurring: readonly MonthlyRecurring[]
  readonly byStatus: ReadonlyMap<string, number>
  /** Of how many the billing was stopped and waits for somebody. */
  readonly parked: number
}

/** How many cycles fall on a month of an average year: a year has 365 days, 52 weeks, 12 months. */
const CYCLES_A_MONTH: Readonly<Record<Cycle, readonly [cycles: bigint, months: bigint]>> = {
  day: [365n, 12n],
  week: [52n, 12n],
  month: [1n, 1n],
  quarter: [1n, 3n],
  year: [1n, 12n],
}

/** Counts subscriptions, and adds up what they bring in every month whatever is used. */
export async function subscriptionFigures(tx: Tx, envId: number): Promise<SubscriptionFigures> {
  const recurring = await selectRecurring(tx, envId)
  return { monthlyRecurring: monthlyRecurring(recurring), ...(await countSubscriptions(tx, envId)) }
}

/** Rounded once for each currency and cycle, half away from zero: it is a figure, and nobody is billed by it. */
export function monthlyRecurring(recurring: readonly Recurring[]): MonthlyRecurring[] {
  const currencies = [...new Set(recurring.map(({ currency }) => currency))].sort()
  return currencies.map((currency) => {
    const own = recurring.filter((row) => row.currency === currency)
    return {
      currency,
      subscriptions: own.reduce((count, row) => count + row.subscriptions, 0),
      amountMinor: own.reduce((sum, row) => sum + monthlyMinor(row), 0n),
    }
  })
}

function monthlyMinor({ currency, cycle, baseMinor, baseAmount }: Recurring): bigint {
  const [cycles, months] = CYCLES_A_MONTH[cycle]
  const minorPerMajor = wholeDecimal(1n) / majorFromMinor(1n, currency)
  const total = figure(baseMinor) + figure(baseAmount) * minorPerMajor
  return divideRounded(total * cycles, wholeDecimal(1n) * months)
}

/** Sums of products have more digits than a decimal; the last of them do not show in a figure. */
function figure(text: string): Decimal {
  const [whole = '0', fraction = ''] = text.split('.')
  return decimal(fraction === '' ? whole : `${whole}.${fraction.slice(0, 12)}`)
}
