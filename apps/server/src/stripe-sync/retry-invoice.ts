import { lookAtHandedOver } from '../payments/hand-over.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { failures } from './failures.ts'
import { INVOICE_REASONS, type StripeInvoice } from './stripe-invoice.ts'
import {
  clearItemRefs,
  deleteStripeInvoice,
  selectRefusedInvoices,
  selectStripeInvoiceForUpdate,
  updateStripeInvoice,
} from './stripe-invoices.store.ts'

type Times = { readonly now: Date; readonly systemNow: Date }

/** Has an invoice that Stripe refused be billed there again. Throws `stripe.invoice_unknown` and `stripe.invoice_not_refused`. */
export async function retryInvoice(
  tx: Tx,
  envId: number,
  invoiceId: string,
  { now, systemNow }: Times,
): Promise<void> {
  const invoice = await selectStripeInvoiceForUpdate(tx, envId, invoiceId)
  if (!invoice) throw failures.invoiceUnknown(invoiceId)
  if (invoice.state !== 'refused') throw failures.invoiceNotRefused(invoiceId, invoice.state)
  if (invoice.keySince === null)
    await deleteStripeInvoice(tx, envId, invoiceId) // it is planned anew
  else await sendAgain(tx, envId, invoice, systemNow)
  await lookAtHandedOver(tx, envId, [invoiceId], now)
}

/** Under new keys, as Stripe repeats what it answered to the old ones. What is void or gone there is made anew. */
async function sendAgain(
  tx: Tx,
  envId: number,
  invoice: StripeInvoice,
  systemNow: Date,
): Promise<void> {
  const isGone = GONE.includes(invoice.reason ?? '')
  await updateStripeInvoice(tx, envId, {
    ...{ ...invoice, state: 'sending', reason: null, reasonText: null },
    ...{ keyNo: invoice.keyNo + 1, keySince: systemNow, attempts: 0 },
    ...(isGone ? { invoiceRef: null, invoiceStatus: null } : {}),
  })
  if (isGone) await clearItemRefs(tx, envId, invoice.invoiceId)
}

const GONE: readonly string[] = [INVOICE_REASONS.missing, INVOICE_REASONS.voidAtStripe]

/** The same of all refused ones of a trigger, up to `limit`. Returns how many. */
export async function retryInvoices(
  tx: Tx,
  envId: number,
  asked: { readonly triggerId: string; readonly customer: string | null; readonly limit: number },
  times: Times,
): Promise<number> {
  const refused = await selectRefusedInvoices(tx, envId, asked)
  for (const id of refused) await retryInvoice(tx, envId, id, times)
  return refused.length
}
