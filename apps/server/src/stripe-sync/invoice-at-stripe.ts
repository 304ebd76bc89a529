import type Stripe from 'stripe'
import type { Account } from '../stripe/account.ts'
import { toStripeAmount } from '../stripe/stripe-amount.ts'
import { isMissing } from '../stripe/stripe-api.ts'
import type { StripeInvoice, StripeInvoiceItem } from './stripe-invoice.ts'
import type { CollectionMethod } from './trigger.ts'
import { CALL_MS } from './turn.ts'

/** What an invoice of ours is called in the metadata of Stripe, and which of its items one is. */
export const INVOICE_FIELD = 'usageflow_invoice'
const ITEM_FIELD = 'usageflow_item'

const HOUR_S = 3_600
const PAGE = 100

/** Makes the draft that the items go on. Throws what Stripe throws, as do all of these. */
export async function createInvoice(
  { client }: Account,
  invoice: StripeInvoice,
  asked: {
    readonly number: string
    readonly collectionMethod: CollectionMethod
    readonly netDays: number
  },
): Promise<string> {
  const { collectionMethod: collection_method, netDays, number } = asked
  const { id } = await client.invoices.create(
    {
      ...{ customer: invoice.customerRef ?? '', currency: invoice.currency.toLowerCase() },
      ...{ collection_method, auto_advance: false, pending_invoice_items_behavior: 'exclude' },
      ...(collection_method === 'send_invoice' ? { days_until_due: netDays } : {}),
      automatic_tax: { enabled: false }, // ours is among the items
      description: `Invoice ${number}`,
      metadata: { [INVOICE_FIELD]: invoice.invoiceId },
    },
    { idempotencyKey: keyOf(invoice, 'invoice'), timeout: CALL_MS },
  )
  return id
}

/** Adds an item to the invoice that was made for it, or to the next one of the customer. */
export async function createItem(
  { client }: Account,
  invoice: StripeInvoice,
  { itemNo, description, amountMinor, period }: StripeInvoiceItem,
): Promise<string> {
  const { currency, invoiceRef } = invoice
  const amount = toStripeAmount(amountMinor, currency)
  if (amount === null) throw new Error(`item ${itemNo} of ${invoice.invoiceId} cannot be billed`)
  const { id } = await client.invoiceItems.create(
    {
      ...{ customer: invoice.customerRef ?? '', currency: currency.toLowerCase(), amount },
      ...(invoiceRef === null ? {} : { invoice: invoiceRef }),
      ...{ description, discountable: false },
      period: { start: seconds(period.from), end: seconds(period.to) },
      metadata: { [INVOICE_FIELD]: invoice.invoiceId, [ITEM_FIELD]: String(itemNo) },
    },
    { idempotencyKey: keyOf(invoice, `item-${itemNo}`), timeout: CALL_MS },
  )
  return id
}

function keyOf({ invoiceId, keyNo }: StripeInvoice, what: string): string {
  return `${invoiceId}-${keyNo}-${what}`
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1_000)

/** What Stripe has of an invoice. */
export type FoundThere = {
  /** One that was made for it and is not void. */
  readonly invoiceRef: string | null
  readonly items: ReadonlyMap<number, FoundItem>
}

/** With the invoice it stands on; null: on none yet. */
export type FoundItem = { readonly ref: string; readonly invoiceRef: string | null }

/** Looks for what was made. With an invoice of its own, only items on that one are meant: an earlier one may be void. */
export async function findThere(
  account: Account,
  invoice: StripeInvoice,
  { hasOwn }: { readonly hasOwn: boolean },
): Promise<FoundThere> {
  if (!hasOwn) return { invoiceRef: null, items: await findItems(account, invoice) }
  const invoiceRef = invoice.invoiceRef ?? (await findInvoice(account, invoice))
  if (invoiceRef === null) return { invoiceRef, items: new Map() }
  const items = [...(await findItems(account, invoice))]
  return { invoiceRef, items: new Map(items.filter(([, item]) => item.invoiceRef === invoiceRef)) }
}

async function findInvoice({ client }: Account, invoice: StripeInvoice): Promise<string | null> {
  const asked = { customer: invoice.customerRef ?? '', created: since(invoice), limit: PAGE }
  for await (const one of client.invoices.list(asked, { timeout: CALL_MS })) {
    const isOurs = one.metadata?.[INVOICE_FIELD] === invoice.invoiceId
    if (isOurs && one.status !== 'void') return one.id
  }
  return null
}

export async function findItems(
  { client }: Account,
  invoice: StripeInvoice,
): Promise<Map<number, FoundItem>> {
  const asked = { customer: invoice.customerRef ?? '', created: since(invoice), limit: PAGE }
  const found = new Map<number, FoundItem>()
  for await (const one of client.invoiceItems.list(asked, { timeout: CALL_MS })) {
    if (one.metadata?.[INVOICE_FIELD] !== invoice.invoiceId) continue
    const invoiceRef = refOf(one.invoice)
    found.set(Number(one.metadata[ITEM_FIELD]), { ref: one.id, invoiceRef })
  }
  return found
}

function refOf(thing: string | { readonly id: string } | null): string | null {
  return typeof thing === 'string' ? thing : (thing?.id ?? null)
}

/** An hour, for clocks that differ. */
function since({ createdAt }: StripeInvoice): { readonly gte: number } {
  return { gte: seconds(createdAt) - HOUR_S }
}

/** How an invoice stands there; null: there is none. */
export async function readInvoice(
  { client }: Account,
  invoiceRef: string,
): Promise<{ readonly status: string; readonly total: number } | null> {
  try {
    const { status, total } = await client.invoices.retrieve(invoiceRef, {}, { timeout: CALL_MS })
    return { status: status ?? 'deleted', total } // only of one that is deleted it is null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Makes a draft final: Stripe collects it from then on. */
export async function finalizeInvoice({ client }: Account, invoiceRef: string): Promise<string> {
  const asked = { auto_advance: true }
  const { status } = await client.invoices.finalizeInvoice(invoiceRef, asked, {
    timeout: CALL_MS,
  })
  return status ?? 'open'
}

export async function voidInvoice({ client }: Account, invoiceRef: string): Promise<void> {
  await client.invoices.voidInvoice(invoiceRef, {}, { timeout: CALL_MS })
}

/** Of what is deleted already, nothing remains to be done. */
export async function deleteDraft({ client }: Account, invoiceRef: string): Promise<void> {
  await unlessMissing(client.invoices.del(invoiceRef, {}, { timeout: CALL_MS }))
}

export async function deleteItem({ client }: Account, itemRef: string): Promise<void> {
  await unlessMissing(client.invoiceItems.del(itemRef, {}, { timeout: CALL_MS }))
}

async function unlessMissing(asked: Promise<Stripe.Response<object>>): Promise<void> {
  await asked.catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
}
