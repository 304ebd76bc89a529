import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import { numberText } from '../settings/billing-settings.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { markInvoiced } from '../subscriptions/billed-periods.ts'
import { collectWork } from './collection-work.ts'
import { isOfPeriod, type Status, type Step, statusAfter } from './invoice.ts'
import { type InvoiceFact, tellOf } from './invoice-facts.ts'
import { updateStatus } from './invoice-states.store.ts'
import { insertInvoices, type StoredInvoice, takeNumbers } from './invoices.store.ts'
import { settleCredits } from './settle-credits.ts'

const DAY_MS = 86_400_000

/**
 * Makes drafts with this content final: numbers and stores them for good, takes from the ledger what they
 * take, tells of them and has them collected. One with nothing to pay is paid at once. The caller has
 * locked what the drafts are of, and the credits of their customers.
 */
export async function storeInvoices(
  tx: Tx,
  envId: number,
  drafts: readonly StoredInvoice[],
  now: Date,
): Promise<readonly StoredInvoice[]> {
  const invoices = await numbered(tx, envId, drafts, now)
  await store(tx, envId, invoices, now)
  await settleCredits(tx, envId, invoices, now)
  return invoices
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
  const states = invoices.map(({ state }) => state).filter(isOfPeriod)
  await markInvoiced(
    tx,
    envId,
    states.filter(({ kind }) => kind === 'period'),
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
