import type { Tx } from '../platform/db/transaction.ts'
import { failures } from './failures.ts'
import { selectFinalStates } from './invoice-states.store.ts'
import type { StoredInvoice } from './invoices.store.ts'
import { getInvoice, withContents } from './read-invoice.ts'

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
