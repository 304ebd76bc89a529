import type { Tx } from '../platform/db/transaction.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { type BilledPeriod, billedPeriods, periodKey } from '../subscriptions/billed-periods.ts'
import { contentOf } from './bill-of.ts'
import { type InvoiceState, isOfPeriod, type PeriodInvoiceState } from './invoice.ts'
import type { StoredInvoice } from './invoices.store.ts'
import { type Billable, billsOf } from './late-periods.ts'

/** A draft with the period that it is for. */
export type Draft = { readonly state: PeriodInvoiceState; readonly billed: BilledPeriod }

export function billable({ state: { id, kind }, billed }: Draft): Billable {
  return { id, kind, billed }
}

/** What drafts would say if they were finalized with the usage that is in now. */
export async function contentsNow(
  tx: Tx,
  envId: number,
  drafts: readonly Draft[],
): Promise<StoredInvoice[]> {
  if (drafts.length === 0) return []
  const { bills, lateBefore } = await billsOf(tx, envId, drafts.map(billable))
  const { rated, usage } = await rateBills(tx, envId, bills)
  const usageBefore = usage.totals.position
  const contents = new Map(
    rated.map((bill) => [bill.bill.id, contentOf(bill, { usageBefore, lateBefore })]),
  )
  return drafts.flatMap(({ state }) => {
    const content = contents.get(state.id)
    return content ? [{ state, content }] : []
  })
}

/** Drafts with their periods as they are stored now. */
export async function draftsOf(
  tx: Tx,
  envId: number,
  states: readonly InvoiceState[],
): Promise<Draft[]> {
  const ofPeriods = states.filter(isOfPeriod)
  if (ofPeriods.length === 0) return []
  const periods = await billedPeriods(tx, envId, ofPeriods)
  return withPeriods(ofPeriods, periods)
}

/** An invoice refers to its period, which stays as long as it does. */
export function withPeriods(
  states: readonly PeriodInvoiceState[],
  periods: ReadonlyMap<string, BilledPeriod>,
): Draft[] {
  return states.flatMap((state) => {
    const billed = periods.get(periodKey(state))
    return billed ? [{ state, billed }] : []
  })
}
