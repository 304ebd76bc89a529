import type Stripe from 'stripe'
import { recordSentBack, succeededRefund } from '../payments/follow-refund.ts'
import { finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { type Account, accountOf, noting, type StripeDeps } from './account.ts'
import { refundOutcome } from './refund-outcome.ts'
import { isMissing } from './stripe-api.ts'

/** Records that a refund, which had succeeded, stands at Stripe as failed now, whatever an event said of it. */
export async function followRefund(deps: StripeDeps, job: Job): Promise<void> {
  const { envId, ref: id, now } = job
  const account = await accountOf(deps, envId)
  const refund = await deps.db.inTransaction((tx) =>
    succeededRefund(tx, envId, { id, provider: 'stripe' }),
  )
  const providerRef = refund?.providerRef ?? null
  const found =
    account && providerRef !== null
      ? await noting(deps, envId, () => refundAt(account, providerRef))
      : null
  const outcome = found && refundOutcome(found)
  await deps.db.inTransaction(async (tx) => {
    if (refund && outcome?.status === 'failed') {
      const { failureCode } = outcome
      await recordSentBack(tx, envId, { refund, failureCode }, now)
    }
    if (refund && outcome?.status === 'canceled')
      await recordSentBack(tx, envId, { refund, failureCode: 'canceled' }, now)
    await finish(tx, [job])
  })
}

/** Null: it was made by an account that the environment was bound to before. */
async function refundAt({ client }: Account, ref: string): Promise<Stripe.Refund | null> {
  try {
    return await client.refunds.retrieve(ref)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
