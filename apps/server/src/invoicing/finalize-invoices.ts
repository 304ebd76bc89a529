import { lockCredits } from '../credits/settle-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import { checkBills } from '../rating/check-bills.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { numberText } from '../settings/billing-settings.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { lockBilledPeriods, markInvoiced } from '../subscriptions/billed-periods.ts'
import { park } from '../subscriptions/change-subscription.ts'
import { billOf, contentOf } from './bill-of.ts'
import { collectWork } from './collection-work.ts'
import { type Draft, withPeriods } from './draft-content.ts'
import { type Status, type Step, statusAfter } from './invoice.ts'
import { type InvoiceFact, tellOf } from './invoice-facts.ts'
import { selectDrafts, updateStatus } from './invoice-states.store.ts'
import { insertInvoices, type StoredInvoice, takeNumbers } from './invoices.store.ts'
import { settleCredits } from './settle-credits.ts'

const DAY_MS = 86_400_000

/** What became of drafts whose time has come; those that are named nowhere had nothing left to do. */
export type Finalized = {
  readonly invoices: readonly StoredInvoice[]
  /** Their usage is not all in yet, since a meter still counts events older than itself. */
  readonly incomplete: ReadonlySet<string>
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
  if (drafts.length === 0) return { invoices: [], incomplete: new Set(), parked: [] }
  await lockCredits(tx, envId, [...new Set(drafts.map(({ state }) => state.customer))])
  const bills = drafts.map(({ state, billed }) => billOf(state.id, state.kind, billed))
  const { rated, usage } = await rateBills(tx, envId, bills)
  const incomplete = new Set(rated.flatMap(({ bill, isComplete }) => (isComplete ? [] : bill.id)))
  const wrong = await checkBills(tx, envId, { rated, usage })
  const contents = new Map(
    rated.map((bill) => [bill.bill.id, contentOf(bill, usage.totals.position)]),
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
  const invoices = await numbered(tx, envId, good, now)
  await store(tx, envId, invoices, now)
  await settleCredits(tx, envId, invoices, now)
  return { invoices, incomplete, parked }
}

/** The drafts that may be finalized. They leave that status behind the locks of their subscriptions only. */
async function lockDrafts(tx: Tx, envId: number, ids: readonly string[]): Promise<Draft[]> {
  const seen = await selectDrafts(tx, envId, ids)
  if (seen.length === 0) return []
  const periods = await lockBilledPeriods(tx, envId, seen)
  const drafts = await selectDrafts(tx, envId, ids)
  return withPeriods(drafts, periods).filter(
    ({ billed }) => billed.subscription.parkedReason === null,
  )
}

/** In the order of the periods, so that a customer's numbers grow with time. */
async function numbered(
  tx: Tx,
  envId: number,
  drafts: readonly StoredInvoice[],
  now: Date,
): Promise<StoredInvoice[]> {
  if (drafts.length === 0) return []
  const first = await takeNumbers(tx, envId, drafts.length)
  const { numberPattern } = await billingSettings(tx, envId)
  const inOrder = drafts.toSorted(
    (a, b) =>
      a.content.periodEnd.getTime() - b.content.periodEnd.getTime() ||
      (a.state.id < b.state.id ? -1 : 1),
  )
  return inOrder.map(({ state, content }, index) => ({
    state,
    content: {
      ...content,
      number: numberText(numberPattern, first + BigInt(index), now),
      finalizedAt: now,
      dueAt: new Date(now.getTime() + content.netDays * DAY_MS),
    },
  }))
}

async function store(
  tx: Tx,
  envId: number,
  invoices: readonly StoredInvoice[],
  now: Date,
): Promise<void> {
  if (invoices.length === 0) return
  await insertInvoices(tx, envId, invoices)
  const finalized = await stepOf(tx, envId, { invoices, step: 'finalize' }, now)
  const free = finalized.filter(({ content }) => content.amountDueMinor === 0n)
  const paid = await stepOf(tx, envId, { invoices: free, step: 'pay' }, now)
  const periods = invoices.filter(({ state }) => state.kind === 'period')
  await markInvoiced(
    tx,
    envId,
    periods.map(({ state }) => state),
  )
  const facts: InvoiceFact[] = [
    ...finalized.map((invoice) => ({ type: 'invoice.finalized' as const, ...invoice })),
    ...paid.map((invoice) => ({ type: 'invoice.paid' as const, ...invoice })),
  ]
  await tellOf(tx, envId, facts, now)
  const unpaid = finalized.filter(({ content }) => content.amountDueMinor > 0n)
  await scheduleMany(
    tx,
    envId,
    unpaid.map(({ state }) => collectWork(state.id, now)),
  )
}

/** Takes one step with all of them, which stand in one status; returns them as they are then. */
async function stepOf(
  tx: Tx,
  envId: number,
  taken: { readonly invoices: readonly StoredInvoice[]; readonly step: Step },
  now: Date,
): Promise<StoredInvoice[]> {
  const { invoices, step } = taken
  const from: Status | undefined = invoices[0]?.state.status
  if (from === undefined) return []
  const to = statusAfter(from, step)
  const ids = invoices.map(({ state }) => state.id)
  const moved = await updateStatus(tx, envId, ids, { from, to, reason: null, at: now })
  invariant(moved === invoices.length, `an invoice that is ${from} becomes ${to} once`)
  return invoices.map(({ state, content }) => ({
    state: { ...state, status: to, version: state.version + 1 },
    content,
  }))
}
