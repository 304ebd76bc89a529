import { formatMinor } from '@usageflow/pricing'
import { recordPaidElsewhere } from '../payments/hand-over.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { holdClaim } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import type { Account } from '../stripe/account.ts'
import { fromStripeAmount } from '../stripe/stripe-amount.ts'
import {
  createInvoice,
  createItem,
  deleteDraft,
  deleteItem,
  type FoundItem,
  finalizeInvoice,
  findItems,
  findThere,
  readInvoice,
  voidInvoice,
} from './invoice-at-stripe.ts'
import { INVOICE_REASONS, type StripeInvoice, type StripeInvoiceItem } from './stripe-invoice.ts'
import { updateItemRefs, updateStripeInvoice } from './stripe-invoices.store.ts'
import type { InvoiceTrigger } from './trigger.ts'
import { KNOWN_MS, type TellDeps } from './turn.ts'

/** The work of one invoice, in our hands. */
export type InvoiceTurn = {
  readonly job: Job
  readonly deps: TellDeps
  readonly endsMs: number
  /** Whether it is known what of it there is at Stripe. */
  isLooked: boolean
  /** Whether Stripe was asked in this turn how it stands. */
  isFollowed: boolean
}

type About = {
  readonly account: Account
  readonly trigger: InvoiceTrigger
  readonly invoice: StripeInvoice
}

/** What is asked of Stripe next. */
export type InvoiceStep = About &
  (
    | { readonly kind: 'make_customer' | 'look' | 'follow' | 'withdraw' }
    | { readonly kind: 'make_invoice'; readonly number: string; readonly netDays: number }
    | { readonly kind: 'make_item'; readonly item: StripeInvoiceItem }
    | { readonly kind: 'finalize'; readonly items: readonly StripeInvoiceItem[] }
  )

/** Asks Stripe, and commits what came of it. Throws what Stripe throws. */
export async function doStep(turn: InvoiceTurn, step: InvoiceStep): Promise<void> {
  switch (step.kind) {
    case 'look':
      return look(turn, step)
    case 'make_invoice': {
      const { invoice, trigger, number, netDays } = step
      const collectionMethod = trigger.collectionMethod ?? 'charge_automatically'
      const asked = { number, netDays, collectionMethod }
      const invoiceRef = await createInvoice(step.account, invoice, asked)
      return keep(turn, { ...invoice, invoiceRef, invoiceStatus: 'draft' })
    }
    case 'make_item': {
      const ref = await createItem(step.account, step.invoice, step.item)
      return keep(turn, step.invoice, new Map([[step.item.itemNo, ref]]))
    }
    case 'finalize':
      return finalize(turn, step)
    case 'follow':
      turn.isFollowed = true
      return step.trigger.collectionMethod === null
        ? followItems(turn, step)
        : followOwn(turn, step)
    case 'withdraw':
      return withdraw(turn, step)
    case 'make_customer':
      throw new Error('a customer is made elsewhere')
  }
}

/** Commits how it stands, as long as the work is ours. */
export async function keep(
  { job, deps }: InvoiceTurn,
  invoice: StripeInvoice,
  refs: ReadonlyMap<number, string | null> = new Map(),
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await holdClaim(tx, job)
    await write(tx, job.envId, invoice, refs)
  })
}

async function write(
  tx: Tx,
  envId: number,
  invoice: StripeInvoice,
  refs: ReadonlyMap<number, string | null> = new Map(),
): Promise<void> {
  await updateStripeInvoice(tx, envId, invoice)
  if (refs.size > 0) await updateItemRefs(tx, envId, invoice.invoiceId, refs)
}

async function refuse(
  turn: InvoiceTurn,
  invoice: StripeInvoice,
  reason: string,
  reasonText: string | null = null,
): Promise<void> {
  await keep(turn, { ...invoice, state: 'refused', reason, reasonText })
}

async function look(turn: InvoiceTurn, { account, invoice, trigger }: About): Promise<void> {
  const systemNow = turn.deps.clock()
  const { invoiceRef, items } = await findThere(account, invoice, { hasOwn: hasOwn(trigger) })
  const isForgotten = systemNow.getTime() - (invoice.keySince ?? systemNow).getTime() >= KNOWN_MS
  const keys = isForgotten ? { keyNo: invoice.keyNo + 1, keySince: systemNow } : {}
  const statuses = await invoicesOf(account, hasOwn(trigger) ? [] : [...items.values()])
  const isThere = ([, item]: readonly [number, FoundItem]) =>
    statuses.get(item.invoiceRef ?? '') !== 'void'
  const refs = new Map([...items].filter(isThere).map(([no, { ref }]) => [no, ref]))
  turn.isLooked = true
  await keep(turn, { ...invoice, ...keys, invoiceRef: invoiceRef ?? invoice.invoiceRef }, refs)
}

const hasOwn = ({ collectionMethod }: InvoiceTrigger) => collectionMethod !== null

/** Only what comes to exactly what is due is made final. */
async function finalize(
  turn: InvoiceTurn,
  { account, invoice }: Extract<InvoiceStep, { kind: 'finalize' }>,
): Promise<void> {
  const invoiceRef = invoice.invoiceRef ?? ''
  const found = await readInvoice(account, invoiceRef)
  if (found === null) return refuse(turn, invoice, INVOICE_REASONS.missing)
  const { status, total } = found
  if (status === 'void')
    return refuse(turn, { ...invoice, invoiceStatus: status }, INVOICE_REASONS.voidAtStripe)
  const totalMinor = fromStripeAmount(total, invoice.currency)
  if (status === 'draft' && totalMinor !== invoice.amountMinor) {
    const { currency, amountMinor } = invoice
    const amounts = [totalMinor, amountMinor].map((minor) => formatMinor(minor, currency))
    const text = `It comes to ${amounts[0]} ${currency} at Stripe, and to ${amounts[1]} ${currency} here.`
    return refuse(turn, invoice, INVOICE_REASONS.amountDiffers, text)
  }
  const invoiceStatus = status === 'draft' ? await finalizeInvoice(account, invoiceRef) : status
  const sent = { state: 'sent', reason: null, reasonText: null, sentAt: turn.deps.clock() } as const
  await keep(turn, { ...invoice, ...sent, invoiceStatus })
}

async function followOwn(turn: InvoiceTurn, { account, invoice }: About): Promise<void> {
  const invoiceRef = invoice.invoiceRef ?? ''
  const found = await readInvoice(account, invoiceRef)
  if (found === null) return refuse(turn, invoice, INVOICE_REASONS.missing)
  const now = { ...invoice, invoiceStatus: found.status }
  if (found.status === 'paid') return paid(turn, now)
  if (found.status === 'void') return refuse(turn, now, INVOICE_REASONS.voidAtStripe)
  await keep(turn, now)
}

/** Of items that came on invoices of Stripe ours is paid when all of those are. */
async function followItems(turn: InvoiceTurn, { account, invoice }: About): Promise<void> {
  const items = [...(await findItems(account, invoice)).values()]
  if (items.length === 0) return refuse(turn, invoice, INVOICE_REASONS.missing)
  const statuses = await invoicesOf(account, items)
  const [invoiceRef = null] = statuses.keys()
  const [open] = [...statuses.values()].filter((status) => status !== 'paid')
  const isOnInvoices = items.every((item) => item.invoiceRef !== null)
  const invoiceStatus = open ?? (isOnInvoices ? 'paid' : null)
  const now = { ...invoice, invoiceRef, invoiceStatus }
  if (invoiceStatus === 'paid') return paid(turn, now)
  if (invoiceStatus === 'void') return refuse(turn, now, INVOICE_REASONS.voidAtStripe)
  await keep(turn, now)
}

/** The invoices that items stand on, and how those stand. */
async function invoicesOf(
  account: Account,
  items: readonly FoundItem[],
): Promise<Map<string, string>> {
  const statuses = new Map<string, string>()
  for (const { invoiceRef } of items) {
    if (invoiceRef === null || statuses.has(invoiceRef)) continue
    const found = await readInvoice(account, invoiceRef)
    if (found) statuses.set(invoiceRef, found.status)
  }
  return statuses
}

async function paid({ job, deps }: InvoiceTurn, invoice: StripeInvoice): Promise<void> {
  const { invoiceId, invoiceRef } = invoice
  await deps.db.inTransaction(async (tx) => {
    const told = { invoiceId, reference: invoiceRef ?? '' }
    const isRecorded = await recordPaidElsewhere(tx, job.envId, told, job.now)
    await holdClaim(tx, job)
    const state = isRecorded
      ? ({ state: 'paid', reason: null, reasonText: null } as const)
      : ({ state: 'refused', reason: INVOICE_REASONS.paidAtStripe, reasonText: null } as const)
    await write(tx, job.envId, { ...invoice, ...state })
  })
}

/** What is not final yet is deleted, and what is not paid yet is declared void. */
async function withdraw(turn: InvoiceTurn, { account, invoice, trigger }: About): Promise<void> {
  const there = await findThere(account, invoice, { hasOwn: hasOwn(trigger) })
  const items = [...there.items.values()]
  const refused = hasOwn(trigger)
    ? await withdrawOwn(account, there.invoiceRef, items)
    : await withdrawItems(account, items)
  if (refused !== null) return refuse(turn, invoice, refused)
  await keep(turn, { ...invoice, state: 'withdrawn', reason: null, reasonText: null })
}

/** Why it cannot be. */
async function withdrawOwn(
  account: Account,
  invoiceRef: string | null,
  items: readonly FoundItem[],
): Promise<string | null> {
  const found = invoiceRef === null ? null : await readInvoice(account, invoiceRef)
  if (invoiceRef === null || found === null || found.status === 'void') return null
  if (found.status === 'paid') return INVOICE_REASONS.paidAtStripe
  if (found.status !== 'draft') {
    await voidInvoice(account, invoiceRef)
    return null
  }
  for (const { ref } of items) await deleteItem(account, ref) // else they might go on another one
  await deleteDraft(account, invoiceRef)
  return null
}

async function withdrawItems(
  account: Account,
  items: readonly FoundItem[],
): Promise<string | null> {
  const statuses = await invoicesOf(account, items)
  const isFinal = ({ invoiceRef }: FoundItem) =>
    invoiceRef !== null && !['draft', 'void'].includes(statuses.get(invoiceRef) ?? 'draft')
  for (const item of items.filter((one) => !isFinal(one)))
    if (statuses.get(item.invoiceRef ?? '') !== 'void') await deleteItem(account, item.ref)
  return items.some(isFinal) ? INVOICE_REASONS.invoicedAtStripe : null
}
