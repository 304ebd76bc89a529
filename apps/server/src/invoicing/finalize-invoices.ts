import { lockCredits } from '../credits/settle-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { checkBills } from '../rating/check-bills.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { lockBilledPeriods } from '../subscriptions/billed-periods.ts'
import { park } from '../subscriptions/change-subscription.ts'
import { contentOf } from './bill-of.ts'
import { billable, type Draft, withPeriods } from './draft-content.ts'
import { isOfPeriod } from './invoice.ts'
import { selectDrafts } from './invoice-states.store.ts'
import type { StoredInvoice } from './invoices.store.ts'
import { billsOf } from './late-periods.ts'
import { storeInvoices } from './store-invoices.ts'
import { countingMeters } from './wait-for-meters.ts'

/** What became of drafts whose time has come; those that are named nowhere had nothing left to do. */
export type Finalized = {
  readonly invoices: readonly StoredInvoice[]
  /** Their usage is not all in yet, since a meter still counts events older than itself. */
  readonly incomplete: ReadonlySet<string>
  /** The keys of those meters. */
  readonly waitsFor: readonly string[]
  /** Subscriptions whose billing was stopped, because a recount of the events said otherwise. */
  readonly parked: readonly { readonly subscriptionId: string; readonly reason: string }[]
}

/**
 * Finalizes those of the invoices that are drafts: computes their content once more, compares it with
 * a recount of the events, numbers them in the order of their periods, and stores them for good. One
 * with nothing to pay is paid at once. An invoice of a parked subscription stays a draft.
 *
 * The usage must be folded as far as the grace reached. Happening twice or at the same time it makes
 * one invoice: its subscription is locked, it leaves its status once, and has one content.
 */
export async function finalizeInvoices(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  now: Date,
): Promise<Finalized> {
  const drafts = await lockDrafts(tx, envId, ids)
  if (drafts.length === 0) return NOTHING
  await lockCredits(tx, envId, [...new Set(drafts.map(({ state }) => state.customer))])
  const { bills, lateBefore } = await billsOf(tx, envId, drafts.map(billable))
  const { rated, usage } = await rateBills(tx, envId, bills)
  const incomplete = new Set(rated.flatMap(({ bill, isComplete }) => (isComplete ? [] : bill.id)))
  const waitsFor = incomplete.size === 0 ? [] : await countingMeters(tx, envId, usage)
  const wrong = await checkBills(tx, envId, { rated, usage })
  const usageBefore = usage.totals.position
  const contents = new Map(
    rated.map((bill) => [bill.bill.id, contentOf(bill, { usageBefore, lateBefore })]),
  )
  const parked = drafts.flatMap(({ state: { id, subscriptionId } }) => {
    const reason = incomplete.has(id) ? undefined : wrong.get(id)
    return reason === undefined ? [] : [{ subscriptionId, reason }]
  })
  const stopped = new Set(parked.map(({ subscriptionId }) => subscriptionId))
  const good = drafts.flatMap(({ state }) => {
    const content = contents.get(state.id)
    const isGood = content && !incomplete.has(state.id) && !stopped.has(state.subscriptionId)
    return isGood ? [{ state, content }] : []
  })
  for (const { subscriptionId: id, reason } of parked) await park(tx, envId, { id, reason }, now)
  const invoices = await storeInvoices(tx, envId, good, now)
  return { invoices, incomplete, waitsFor, parked }
}

const NOTHING: Finalized = { invoices: [], incomplete: new Set(), waitsFor: [], parked: [] }

/** The drafts that may be finalized. They leave that status behind the locks of their subscriptions only. */
async function lockDrafts(tx: Tx, envId: number, ids: readonly string[]): Promise<Draft[]> {
  const seen = (await selectDrafts(tx, envId, ids)).filter(isOfPeriod)
  if (seen.length === 0) return []
  const periods = await lockBilledPeriods(tx, envId, seen)
  const drafts = (await selectDrafts(tx, envId, ids)).filter(isOfPeriod)
  return withPeriods(drafts, periods).filter(
    ({ billed }) => billed.subscription.parkedReason === null,
  )
}
