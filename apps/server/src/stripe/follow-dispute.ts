import type Stripe from 'stripe'
import type { Dispute } from '../payments/dispute.ts'
import { recordDispute, type ToldDispute } from '../payments/record-dispute.ts'
import { finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { accountOf, noting, type StripeDeps } from './account.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import { PAYMENT_FIELD } from './stripe-provider.ts'

/** Records how a dispute stands at Stripe now, whatever an event said of it. */
export async function followDispute(deps: StripeDeps, job: Job): Promise<void> {
  const { envId, ref, now } = job
  const account = await accountOf(deps, envId)
  const dispute =
    account && (await noting(deps, envId, () => account.client.disputes.retrieve(ref, WHOLE)))
  await deps.db.inTransaction(async (tx) => {
    const told = dispute && toldOf(dispute)
    if (told) await recordDispute(tx, envId, told, now)
    await finish(tx, [job])
  })
}

const WHOLE = { expand: ['payment_intent'] }

const ENDS: Readonly<Record<string, Dispute['status']>> = {
  ...{ won: 'won', lost: 'lost' },
  ...{ warning_closed: 'closed', prevented: 'closed' },
}

/** Null: it is of a charge without a PaymentIntent, which is none of ours. */
function toldOf(dispute: Stripe.Dispute): ToldDispute | null {
  const { id, payment_intent: intent, reason, evidence_details: evidence } = dispute
  if (intent === null || typeof intent === 'string') return null
  const paymentRef = intent.id
  const paymentId = intent.metadata[PAYMENT_FIELD] ?? null // also when its answer was lost
  const currency = dispute.currency.toUpperCase()
  const dueBy = evidence.due_by
  return {
    ...{ id, provider: 'stripe', paymentRef, paymentId, currency, reason },
    amountMinor: fromStripeAmount(dispute.amount, currency),
    status: ENDS[dispute.status] ?? 'open',
    evidenceDueAt: dueBy ? new Date(dueBy * 1_000) : null,
  }
}
