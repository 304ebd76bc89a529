import type { Tx } from '../platform/db/transaction.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { type BilledPeriod, openBilledPeriod } from '../subscriptions/billed-periods.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { billOf, contentOf } from './bill-of.ts'
import { deductionsOf } from './deductions.ts'
import { contentsNow, draftsOf } from './draft-content.ts'
import { failures } from './failures.ts'
import type { InvoiceContent, InvoiceLine, InvoiceState } from './invoice.ts'
import { selectDraftsOf, selectState } from './invoice-states.store.ts'
import { type StoredInvoice, selectContents } from './invoices.store.ts'
import { afterLastInvoice } from './late-content.ts'
import { billsOf, type DraftBills } from './late-periods.ts'

/** Throws `invoice.unknown`. A draft says what it would say if it were finalized now. */
export async function getInvoice(tx: Tx, envId: number, id: string): Promise<StoredInvoice> {
  const state = await selectState(tx, envId, id)
  const [invoice] = state ? await withContents(tx, envId, [state]) : []
  if (!invoice) throw failures.unknown(id)
  return invoice
}

/** The content of these invoices, in their order: stored, or of drafts as it is now. */
export async function withContents(
  tx: Tx,
  envId: number,
  states: readonly InvoiceState[],
): Promise<StoredInvoice[]> {
  if (states.length === 0) return []
  const ids = states.map(({ id }) => id)
  const contents = await selectContents(tx, envId, ids)
  const drafts = states.filter(({ id }) => !contents.has(id))
  for (const { state, content } of await contentsNow(tx, envId, await draftsOf(tx, envId, drafts)))
    contents.set(state.id, content)
  return states.flatMap((state) => {
    const content = contents.get(state.id)
    return content ? [{ state, content }] : []
  })
}

/** Throws `invoice.unknown` and `invoice.line_unknown`. */
export async function getLine(
  tx: Tx,
  envId: number,
  { id, lineNo }: { readonly id: string; readonly lineNo: number },
): Promise<{ readonly content: InvoiceContent; readonly line: InvoiceLine }> {
  const { content } = await getInvoice(tx, envId, id)
  const line = content.lines.find((each) => each.lineNo === lineNo)
  if (!line) throw failures.lineUnknown(id, lineNo)
  return { content, line }
}

/**
 * The invoice that the open period of a subscription will have if no more is used: the whole base
 * price and all included units against the usage so far. Of one that has ended, the invoice for what came
 * late. Throws `subscription.unknown` and `invoice.nothing_to_preview`.
 */
export async function previewInvoice(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  now: Date,
): Promise<{ readonly subscription: Subscription; readonly content: InvoiceContent }> {
  const subscription = await getSubscription(tx, envId, subscriptionId)
  const open = await openBilledPeriod(tx, envId, subscription)
  if (!open) return { subscription, content: await previewLate(tx, envId, subscription, now) }
  const { bills, lateBefore } = await previewed(tx, envId, open)
  const { rated, usage } = await rateBills(tx, envId, bills)
  const [bill] = rated
  if (!bill) throw failures.nothingToPreview(subscriptionId)
  return {
    subscription,
    content: contentOf(bill, { usageBefore: usage.totals.position, lateBefore }),
  }
}

/** While a draft of it waits, that has what came late. */
async function previewLate(
  tx: Tx,
  envId: number,
  { id: subscriptionId, status }: Subscription,
  at: Date,
): Promise<InvoiceContent> {
  const hasEnded = status === 'canceled'
  const isDrafted = (await selectDraftsOf(tx, envId, subscriptionId)).length > 0
  const asked = { id: 'preview', subscriptionId, at }
  const found = hasEnded && !isDrafted ? await afterLastInvoice(tx, envId, asked) : null
  const content = found?.late?.content
  if (!content || content.lines.length === 0) throw failures.nothingToPreview(subscriptionId)
  return content
}

/** Late usage goes on the next invoice: that is the draft of the last period, if there is one. */
async function previewed(tx: Tx, envId: number, billed: BilledPeriod): Promise<DraftBills> {
  const preview = { id: 'preview', kind: 'period', billed } as const
  const drafts = await selectDraftsOf(tx, envId, billed.subscription.id)
  if (!drafts.some(({ kind }) => kind === 'period')) return billsOf(tx, envId, [preview])
  const deducted = (await deductionsOf(tx, envId, [billed]))(billed)
  const bill = { ...billOf(preview.id, preview.kind, billed), deducted }
  return { bills: [bill], lateBefore: null }
}

export type { StoredInvoice }
