import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { defer, finish, holdClaim, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import type { Logger } from '../platform/log.ts'
import { concludeEnded } from './end-payment.ts'
import { isEndedByHand, isOpen, movedOn, type Payment } from './payment.ts'
import { tellOf } from './payment-facts.ts'
import { selectPayment, updateAsked, updateOutcome, updateSent } from './payments.store.ts'
import type { PaymentProvider, ProviderOutcome, ProviderRequest, Providers } from './provider.ts'
import { type FinalOutcome, lockPayment, recordOutcome } from './record-outcome.ts'

export type SettleDeps = {
  readonly db: Database
  readonly log: Logger
  /** Real time. */
  readonly clock: Clock
  readonly providers: Providers
}

/** How long a claim lasts: longer than a provider may take to answer. */
export const LEASE_MS = 60_000
const ACTION_MS = 3 * 86_400_000 // by the environment's clock: then the attempt has failed
const ASK_AGAIN_MS = 500
const ASK_AGAIN_MS_MAX = {
  unknown: 60_000,
  processing: 3_600_000, // thousands of direct debits wait for days: they are not to be asked for all the time
} as const

/**
 * Brings a payment to its outcome. Three parts: our word that the provider is about to be called is
 * committed; the provider is called, in no transaction; what it said is committed with all that follows.
 *
 * A crash before the call, after it, or during it leaves a payment that may have been made. Whoever takes
 * over asks what became of it by its idempotency key. Only if the provider has never heard of it is it
 * sent again, under the same key.
 */
export async function settlePayment(job: Job, deps: SettleDeps): Promise<void> {
  const claimedAt = deps.clock()
  const wanted = await deps.db.inTransaction((tx) => aboutToCall(tx, job, deps.providers))
  if (!wanted) return
  const { payment } = wanted
  if (payment.provider === null || payment.provider === 'manual') return
  const outcome = await callProvider(deps.providers[payment.provider], job, {
    ...{ ...wanted, deps, claimedAt },
  })
  await deps.db.inTransaction((tx) => conclude(tx, job, payment, outcome))
}

/** A payment as it was before the provider is called. */
type Wanted = {
  readonly payment: Payment
  /** What the provider calls the charge that a refund gives back. */
  readonly chargeRef: string | null
}

/** Null: the payment has been seen to. */
async function aboutToCall(tx: Tx, job: Job, providers: Providers): Promise<Wanted | null> {
  const { envId, ref, now } = job
  const seen = await selectPayment(tx, envId, ref)
  if (!seen || !isAskedFor(seen)) {
    await finish(tx, [job])
    return null
  }
  const locked = await lockPayment(tx, envId, seen)
  let { payment } = locked
  const { refundOf } = payment
  const charge = refundOf === null ? undefined : await selectPayment(tx, envId, refundOf)
  if (isOpen(payment) && payment.sentAt === null) {
    const providerAccount = await accountFor(tx, envId, payment, providers)
    const refusal = refusalOf(payment, locked.invoice.status) ?? refusalAt(providerAccount, charge)
    if (refusal) {
      await recordOutcome(tx, envId, locked, { ...refusal, now })
      await finish(tx, [job])
      return null
    }
    payment = { ...payment, providerAccount: providerAccount ?? null }
    await updateSent(tx, envId, { ...payment, sentAt: now })
  }
  await holdClaim(tx, job)
  return { payment, chargeRef: charge?.providerRef ?? null }
}

/** What was ended by hand is asked for, too, if it was ever sent. */
function isAskedFor(payment: Payment): boolean {
  return isOpen(payment) || (isEndedByHand(payment) && payment.sentAt !== null)
}

/**
 * At which account it is about to be made, which nobody leaves meanwhile; null of a provider without accounts, undefined
 * where the environment has none.
 */
async function accountFor(
  tx: Tx,
  envId: number,
  { provider }: Payment,
  providers: Providers,
): Promise<string | null | undefined> {
  if (provider === null || provider === 'manual') return null
  const at = providers[provider]
  return at.accountOf ? ((await at.accountOf(tx, envId)) ?? undefined) : null
}

/** Another account knows neither the means to pay nor what is to be given back. */
function refusalAt(
  account: string | null | undefined,
  charge: Payment | undefined,
): FinalOutcome | null {
  if (account === undefined) return { status: 'failed', failureCode: 'no_account' }
  const chargedAt = charge?.providerAccount ?? account
  return chargedAt === account ? null : { status: 'failed', failureCode: 'other_account' }
}

/** The last look before money moves. */
function refusalOf(payment: Payment, invoiceStatus: string): FinalOutcome | null {
  if (payment.provider === null) return { status: 'failed', failureCode: 'no_payment_method' }
  const isDue = invoiceStatus === 'finalized' || invoiceStatus === 'failed'
  return payment.kind === 'refund' || isDue ? null : { status: 'canceled' }
}

type Claimed = { readonly deps: SettleDeps; readonly claimedAt: Date }

/**
 * Whether others may have taken over. A worker that stood still for so long sends nothing: what it looked for in vain before
 * may have been made since, and its key be forgotten.
 */
function hasEnded(claimedAt: Date, now: Date): boolean {
  return now.getTime() - claimedAt.getTime() >= LEASE_MS
}

async function callProvider(
  provider: PaymentProvider,
  { envId, now }: Job,
  { payment, chargeRef, deps, claimedAt }: Wanted & Claimed,
): Promise<ProviderOutcome> {
  const request = requestOf(payment, chargeRef)
  try {
    if (!isOpen(payment)) return await givenUp(provider, envId, request)
    if (payment.isCancelAsked) return await provider.cancel(envId, request)
    if (payment.status === 'action_required' && now >= actionDeadline(payment))
      return expired(await provider.cancel(envId, request))
    const found = payment.sentAt === null ? null : await provider.find(envId, request)
    if (found) return found
    if (hasEnded(claimedAt, deps.clock())) return { status: 'unknown' }
    return await provider[payment.kind](envId, request)
  } catch (err) {
    deps.log.warn({ err, envId, payment: payment.id }, 'a payment provider did not answer')
    return { status: 'unknown' }
  }
}

/** Whatever the provider still knows of it is to be over; nothing is sent. */
async function givenUp(
  provider: PaymentProvider,
  envId: number,
  request: ProviderRequest,
): Promise<ProviderOutcome> {
  if (request.kind === 'charge') return provider.cancel(envId, request)
  return (await provider.find(envId, request)) ?? { status: 'canceled' }
}

function requestOf(payment: Payment, chargeRef: string | null): ProviderRequest {
  const { id, kind, customer, methodToken, amountMinor, currency, providerRef } = payment
  return {
    ...{ kind, idempotencyKey: id, customerRef: customer, amountMinor, currency },
    ...{ methodToken: methodToken ?? '', providerRef, chargeRef, account: payment.providerAccount },
    reference: payment.refundOf ?? payment.invoiceId,
  }
}

function actionDeadline({ actionSince, createdAt }: Payment): Date {
  return new Date((actionSince ?? createdAt).getTime() + ACTION_MS)
}

function actionUrlOf(outcome: ProviderOutcome): string | null {
  return outcome.status === 'action_required' ? (outcome.actionUrl ?? null) : null
}

function expired(outcome: ProviderOutcome): ProviderOutcome {
  return outcome.status === 'canceled'
    ? { ...outcome, status: 'failed', failureCode: 'action_not_taken' }
    : outcome
}

async function conclude(tx: Tx, job: Job, seen: Payment, outcome: ProviderOutcome): Promise<void> {
  const { envId, now } = job
  const locked = await lockPayment(tx, envId, seen)
  const { providerRef = locked.payment.providerRef } = outcome
  const payment = { ...locked.payment, providerRef }
  const asking = { ...payment, actionUrl: actionUrlOf(outcome) }
  if (!isOpen(payment)) return concludeEnded(tx, job, { ...locked, payment }, outcome)
  switch (outcome.status) {
    case 'unknown':
    case 'processing':
      await updateAsked(tx, envId, payment)
      await defer(tx, [job], askAgainMs(outcome.status, seen.asks))
      return
    case 'action_required':
      await postpone(tx, job, actionDeadline(await waitForCustomer(tx, envId, asking, now)))
      return
    default:
      await recordOutcome(tx, envId, { ...locked, payment }, { ...outcome, now })
      await finish(tx, [job])
  }
}

/** It is asked for less and less often; what the provider tells of is asked for at once (`wake-payment.ts`). */
function askAgainMs(status: keyof typeof ASK_AGAIN_MS_MAX, asks: number): number {
  return Math.min(ASK_AGAIN_MS_MAX[status], ASK_AGAIN_MS * 2 ** asks)
}

async function waitForCustomer(
  tx: Tx,
  envId: number,
  before: Payment,
  now: Date,
): Promise<Payment> {
  if (before.status === 'action_required') return before
  const asked = { ...before, actionSince: now }
  const payment = movedOn(asked, { status: 'action_required', failureCode: null }, now)
  await updateOutcome(tx, envId, payment)
  await tellOf(tx, envId, { type: 'payment.action_required', payment, nextAttemptAt: null }, now)
  return payment
}
