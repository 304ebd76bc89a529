import type { Tx } from '../platform/db/transaction.ts'
import { Failure } from '../platform/errors.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import { failures } from './failures.ts'
import type { InvoiceContent } from './invoice.ts'
import { selectFinalStates, selectPeriodStates } from './invoice-states.store.ts'
import type { StoredInvoice } from './invoices.store.ts'
import { getInvoice, previewInvoice, withContents } from './read-invoice.ts'

/** Up to `limit` invoices that a customer was sent, the newest first, those before `before`: no drafts. */
export async function invoicesOf(
  tx: Tx,
  envId: number,
  page: {
    readonly customer: string
    readonly limit: number
    readonly before: readonly [createdAt: string, id: string] | null
  },
): Promise<StoredInvoice[]> {
  return withContents(tx, envId, await selectFinalStates(tx, envId, page))
}

/** An invoice that this customer was sent. Throws `invoice.unknown`, also for a draft and that of somebody else. */
export async function invoiceOf(
  tx: Tx,
  envId: number,
  { customer, id }: { readonly customer: string; readonly id: string },
): Promise<StoredInvoice> {
  const invoice = await getInvoice(tx, envId, id)
  const { state } = invoice
  if (state.customer !== customer || state.status === 'draft') throw failures.unknown(id)
  return invoice
}

const PERIODS_MAX = 200

/**
 * What the newest 200 periods of a subscription came to, the newest first: the one under way as far as it is, the others
 * as they were or will be invoiced. Throws `subscription.unknown`.
 */
export async function periodContents(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  now: Date,
): Promise<InvoiceContent[]> {
  const { status } = await getSubscription(tx, envId, subscriptionId)
  const underWay =
    status === 'canceled' ? null : await contentUnderWay(tx, envId, subscriptionId, now)
  const states = await selectPeriodStates(tx, envId, { subscriptionId, limit: PERIODS_MAX })
  const invoices = await withContents(tx, envId, states)
  return [...(underWay ? [underWay] : []), ...invoices.map(({ content }) => content)]
}

/** Null: nothing is billed of it now. */
async function contentUnderWay(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  now: Date,
): Promise<InvoiceContent | null> {
  try {
    return (await previewInvoice(tx, envId, subscriptionId, now)).content
  } catch (error) {
    if (error instanceof Failure && error.code === NOTHING_TO_PREVIEW) return null
    throw error
  }
}

const NOTHING_TO_PREVIEW = failures.nothingToPreview('').code
