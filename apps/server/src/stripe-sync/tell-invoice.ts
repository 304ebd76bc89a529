import Stripe from 'stripe'
import { lockPayable, type PayableInvoice } from '../invoicing/payable-invoices.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { handedOver, takeBack } from '../payments/hand-over.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { defer, finish, holdClaim, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { type Account, accountOf, noting } from '../stripe/account.ts'
import { customerAt, linkedCustomer } from '../stripe/link-customer.ts'
import { isDefinite, isRefusal } from '../stripe/stripe-api.ts'
import { findTrigger } from './change-trigger.ts'
import { doStep, type InvoiceStep, type InvoiceTurn } from './do-invoice-step.ts'
import { planItems } from './plan-items.ts'
import { INVOICE_REASONS, type StripeInvoice } from './stripe-invoice.ts'
import {
  deleteStripeInvoice,
  insertStripeInvoice,
  selectItems,
  selectStripeInvoice,
  selectStripeInvoiceForUpdate,
  updateStripeInvoice,
} from './stripe-invoices.store.ts'
import type { InvoiceTrigger } from './trigger.ts'
import { selectInvoiceTrigger } from './triggers.store.ts'
import { ASK_AGAIN_MS_MAX, pauseMs, TEXT_MAX, type TellDeps, TURN_MS } from './turn.ts'

const HOUR_MS = 3_600_000

/**
 * Brings an invoice that was handed over to Stripe, one call after the other. It is committed before the first one that
 * something may be there; no call is made in a transaction; what came of each is committed. Whoever finds it so later looks for
 * what there is, and makes what is missing. Once all is there, Stripe is asked now and then, and when it tells of something,
 * whether it was paid: then so is ours. What is void or paid by hand here is taken back there.
 */
export async function tellInvoice(job: Job, deps: TellDeps): Promise<void> {
  const account = await accountOf(deps, job.envId)
  const endsMs = deps.stopwatch() + TURN_MS
  const turn: InvoiceTurn = { job, deps, endsMs, isLooked: false, isFollowed: false }
  const next = () => deps.db.inTransaction((tx) => nextStep(tx, turn, account))
  for (let step = await next(); step !== null; step = await next())
    if (!(await take(turn, step))) return
}

/** What to do next; null: the work was given back. The invoice is locked before the claim, as everywhere. */
async function nextStep(
  tx: Tx,
  turn: InvoiceTurn,
  account: Account | null,
): Promise<InvoiceStep | null> {
  const { job, deps } = turn
  const { envId, ref } = job
  const ours = (await lockPayable(tx, envId, [ref])).get(ref)
  await holdClaim(tx, job)
  if (deps.stopwatch() >= turn.endsMs) return done(defer(tx, [job], 0))
  const isOpen = ours?.status === 'finalized' || ours?.status === 'failed'
  const invoice =
    (await selectStripeInvoiceForUpdate(tx, envId, ref)) ??
    (ours && isOpen ? await planned(tx, turn, ours) : undefined)
  if (!invoice || isEnded(invoice, isOpen)) return done(finish(tx, [job]))
  const trigger = await findTrigger(tx, envId, invoice.triggerId)
  if (trigger.type !== 'stripe_invoice') throw new Error(`${trigger.id} bills no invoices`)
  return stepOf(tx, { turn, invoice, trigger }, { isOpen, account })
}

async function stepOf(
  tx: Tx,
  at: Standing,
  { isOpen, account }: { readonly isOpen: boolean; readonly account: Account | null },
): Promise<InvoiceStep | null> {
  const { invoice, trigger } = at
  if (invoice.keySince === null && !isOpen) return withdrawn(tx, at)
  if (invoice.state === 'waiting' && !trigger.isActive) return takenBack(tx, at)
  if (account?.id !== trigger.accountId) return rest(tx, at, INVOICE_REASONS.notConnected)
  return isOpen ? forward(tx, { ...at, account }) : withdrawal(tx, { ...at, account })
}

/** What was refused waits for people; unless ours is not open any more: then what there is of it is taken back. */
function isEnded({ state, reason }: StripeInvoice, isOpen: boolean): boolean {
  if (state === 'refused') return isOpen || UNDOABLE.includes(reason ?? '')
  return state === 'paid' || state === 'withdrawn'
}

const UNDOABLE: readonly string[] = [INVOICE_REASONS.paidAtStripe, INVOICE_REASONS.invoicedAtStripe]

type Standing = {
  readonly turn: InvoiceTurn
  readonly invoice: StripeInvoice
  readonly trigger: InvoiceTrigger
}

type Asked = Standing & { readonly account: Account }

async function done(given: Promise<void>): Promise<null> {
  await given
  return null
}

/** The first time that it is looked at: what it becomes is written down. Undefined: nobody bills it there. */
async function planned(
  tx: Tx,
  { job, deps }: InvoiceTurn,
  { id, customer }: PayableInvoice,
): Promise<StripeInvoice | undefined> {
  const { envId } = job
  if (!(await handedOver(tx, envId, [id])).has(id)) return undefined
  const trigger = await selectInvoiceTrigger(tx, envId)
  if (!trigger) {
    await takeBack(tx, envId, [id])
    return undefined
  }
  const { content } = await getInvoice(tx, envId, id)
  const items = planItems(content)
  const invoice: StripeInvoice = {
    ...{ invoiceId: id, triggerId: trigger.id, customer, currency: content.currency },
    amountMinor: content.amountDueMinor,
    ...(items === null
      ? { state: 'refused', reason: INVOICE_REASONS.amountNotPossible }
      : { state: 'waiting', reason: null }),
    ...{ reasonText: null, attempts: 0, keyNo: 1, keySince: null, sentAt: null },
    ...{ customerRef: null, invoiceRef: null, invoiceStatus: null, createdAt: deps.clock() },
  }
  await insertStripeInvoice(tx, envId, { invoice, items: items ?? [] })
  return invoice
}

async function store(tx: Tx, { turn, invoice }: Standing): Promise<void> {
  await updateStripeInvoice(tx, turn.job.envId, invoice)
}

/** Until something changes, which has it looked at again. */
async function rest(tx: Tx, { turn, invoice, trigger }: Standing, reason: string): Promise<null> {
  await store(tx, { turn, trigger, invoice: { ...invoice, reason, reasonText: null } })
  return done(finish(tx, [turn.job]))
}

async function takenBack(tx: Tx, { turn: { job }, invoice }: Standing): Promise<null> {
  await deleteStripeInvoice(tx, job.envId, invoice.invoiceId)
  await takeBack(tx, job.envId, [invoice.invoiceId])
  return done(finish(tx, [job]))
}

async function withdrawn(tx: Tx, { turn, invoice, trigger }: Standing): Promise<null> {
  const state = 'withdrawn' as const
  await store(tx, { turn, trigger, invoice: { ...invoice, state, reason: null, reasonText: null } })
  return done(finish(tx, [turn.job]))
}

/** Ours is void or paid by hand. */
async function withdrawal(tx: Tx, at: Asked): Promise<InvoiceStep> {
  const { turn, invoice, trigger, account } = at
  const withdrawing = { ...invoice, state: 'withdrawing' as const }
  if (invoice.state !== 'withdrawing') await store(tx, { turn, trigger, invoice: withdrawing })
  return { kind: 'withdraw', account, trigger, invoice: withdrawing }
}

async function forward(tx: Tx, at: Asked): Promise<InvoiceStep | null> {
  const { turn, invoice } = at
  if (invoice.state === 'sent') {
    if (!turn.isFollowed) return { kind: 'follow', ...about(at) }
    return done(postpone(tx, turn.job, await nextLook(tx, turn.job)))
  }
  if (invoice.state === 'waiting') return begin(tx, at)
  return goOn(tx, at)
}

const about = ({ account, trigger, invoice }: Asked) => ({ account, trigger, invoice })

/** In case that Stripe's word does not reach us: ever later, after as long again as it has been open. */
async function nextLook(tx: Tx, { envId, ref, now }: Job): Promise<Date> {
  const { content } = await getInvoice(tx, envId, ref)
  const openMs = now.getTime() - (content.finalizedAt ?? now).getTime()
  return new Date(now.getTime() + Math.max(HOUR_MS, openMs))
}

async function begin(tx: Tx, at: Asked): Promise<InvoiceStep | null> {
  const { turn, invoice, trigger, account } = at
  const named = { accountId: account.id, customer: invoice.customer }
  const customerRef = await linkedCustomer(tx, turn.job.envId, named)
  if (customerRef === undefined)
    return trigger.makesCustomers
      ? { kind: 'make_customer', ...about(at) }
      : rest(tx, at, INVOICE_REASONS.notLinked)
  const sending: StripeInvoice = {
    ...{ ...invoice, state: 'sending', reason: null, reasonText: null },
    ...{ attempts: invoice.attempts + 1, keySince: turn.deps.clock(), customerRef },
  }
  await store(tx, { turn, trigger, invoice: sending })
  turn.isLooked = true // nothing was ever made
  return goOn(tx, { ...at, invoice: sending })
}

/** What is missing at Stripe is made; first what may have been made already is looked for. */
async function goOn(tx: Tx, at: Asked): Promise<InvoiceStep | null> {
  const { turn, trigger } = at
  const { envId, ref } = turn.job
  const invoice = { ...at.invoice, state: 'sending' as const }
  const items = await selectItems(tx, envId, ref)
  const missing = items.find(({ itemRef }) => itemRef === null)
  const lacksInvoice = trigger.collectionMethod !== null && invoice.invoiceRef === null
  const step = { ...about(at), invoice }
  if ((missing || lacksInvoice) && !turn.isLooked) return { kind: 'look', ...step }
  if (lacksInvoice) {
    const { content } = await getInvoice(tx, envId, ref)
    const { number, netDays } = content
    return { kind: 'make_invoice', ...step, number: number ?? '', netDays }
  }
  if (missing) return { kind: 'make_item', ...step, item: missing }
  if (trigger.collectionMethod !== null) return { kind: 'finalize', ...step, items }
  const sentAt = turn.deps.clock()
  await store(tx, {
    turn,
    trigger,
    invoice: { ...invoice, state: 'sent', reason: null, reasonText: null, sentAt },
  })
  return done(postpone(tx, turn.job, await nextLook(tx, turn.job)))
}

/** Whether to go on. */
async function take(turn: InvoiceTurn, step: InvoiceStep): Promise<boolean> {
  const { job, deps } = turn
  try {
    await noting(deps, job.envId, () =>
      step.kind === 'make_customer' ? makeCustomer(turn, step) : doStep(turn, step),
    )
    return true
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    deps.log.warn({ err: error, envId: job.envId, invoice: job.ref }, 'Stripe did not take it')
    await deps.db.inTransaction((tx) => failed(tx, turn, { step, error }))
    return false
  }
}

async function makeCustomer(turn: InvoiceTurn, { account, invoice }: InvoiceStep): Promise<void> {
  await customerAt(turn.deps, turn.job.envId, { account, customer: invoice.customer })
}

/** What Stripe will not do is for people; all else is tried again, ever more slowly. */
async function failed(
  tx: Tx,
  { job }: InvoiceTurn,
  { step, error }: { readonly step: InvoiceStep; readonly error: Stripe.errors.StripeError },
): Promise<void> {
  await holdClaim(tx, job)
  const invoice = (await selectStripeInvoice(tx, job.envId, job.ref)) ?? step.invoice
  const { statusCode } = error
  if (isDefinite(error)) {
    const reason = error.code ?? 'invalid_request'
    const reasonText = error.message.slice(0, TEXT_MAX)
    const refused = { ...invoice, state: 'refused', reason, reasonText } as const
    await updateStripeInvoice(tx, job.envId, refused)
    return finish(tx, [job])
  }
  const isKey = isRefusal(error)
  const isLimited = statusCode === 429
  const reason = isKey ? 'key_refused' : isLimited ? 'rate_limited' : 'no_answer'
  const attempts = invoice.attempts + 1
  await updateStripeInvoice(tx, job.envId, { ...invoice, reason, reasonText: null, attempts })
  await defer(tx, [job], isKey ? ASK_AGAIN_MS_MAX : pauseMs(attempts))
}
