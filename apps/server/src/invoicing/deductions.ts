import type { Tx } from '../platform/db/transaction.ts'
import type { Deduction } from '../rating/bill.ts'
import { type BilledPeriod, type PeriodRef, periodKey } from '../subscriptions/billed-periods.ts'
import type { ThresholdState } from './invoice.ts'
import { selectEarlierThresholds, selectThresholdStates } from './invoice-states.store.ts'
import { type StoredInvoice, selectContents } from './invoices.store.ts'

/** The threshold invoices of these periods that are not void, by `periodKey`, in the order in which they were made. */
export async function thresholdInvoices(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<ReadonlyMap<string, readonly StoredInvoice[]>> {
  const states = await selectThresholdStates(tx, envId, refs)
  const byPeriod = new Map<string, StoredInvoice[]>()
  for (const invoice of await withContent(tx, envId, states)) {
    const key = periodKey(invoice.state)
    byPeriod.set(key, [...(byPeriod.get(key) ?? []), invoice])
  }
  return byPeriod
}

/** Those that came before a threshold invoice of the same period, and were not void when it was made. */
export async function earlierThresholds(
  tx: Tx,
  envId: number,
  invoice: { readonly state: ThresholdState; readonly finalizedAt: Date },
): Promise<readonly StoredInvoice[]> {
  return withContent(tx, envId, await selectEarlierThresholds(tx, envId, invoice))
}

async function withContent(tx: Tx, envId: number, states: readonly ThresholdState[]) {
  if (states.length === 0) return []
  const ids = states.map(({ id }) => id)
  const contents = await selectContents(tx, envId, ids)
  return states.flatMap((state) => {
    const content = contents.get(state.id)
    return content ? [{ state, content }] : []
  })
}

/** What of the usage of periods was billed while they were under way, and so comes off their invoices. */
export async function deductionsOf(
  tx: Tx,
  envId: number,
  periods: readonly BilledPeriod[],
): Promise<(billed: BilledPeriod) => Deduction[]> {
  const invoices = await thresholdInvoices(tx, envId, periods.map(refOf))
  return (billed) => (invoices.get(periodKey(refOf(billed))) ?? []).flatMap(deductionsFor)
}

/** One for each rate of tax, so that each is taken back as it was charged. */
function deductionsFor({ content }: StoredInvoice): Deduction[] {
  const sums = new Map<string | null, bigint>()
  for (const { taxRateId, amountMinor } of content.lines)
    sums.set(taxRateId, (sums.get(taxRateId) ?? 0n) + amountMinor)
  const name = `Billed on ${content.number ?? ''}`
  return [...sums].map(([taxRate, sum]) => ({ name, taxRate, amountMinor: -sum }))
}

function refOf({ subscription, period }: BilledPeriod): PeriodRef {
  return { subscriptionId: subscription.id, periodNo: period.no }
}
