import type { Decimal } from '@usageflow/pricing'
import type { Span } from '../metering/slice.ts'
import { askedFor, boundAccount, type StripeDeps } from '../stripe/account.ts'
import { failures as stripeFailures } from '../stripe/failures.ts'
import { linkedCustomer } from '../stripe/link-customer.ts'
import { findTrigger } from './change-trigger.ts'
import { failures } from './failures.ts'
import { sumAtStripe } from './send-usage.ts'
import type { RecordState } from './sync-record.ts'
import { type Figures, selectFigures } from './sync-records.store.ts'
import { hourOf } from './trigger.ts'

export type ReconciliationAsked = Span & {
  readonly triggerId: string
  readonly customer: string | null
  readonly after: string | null
  readonly limit: number
}

/** What we say of a customer and what Stripe says, of the same hours and in whole units of Stripe. */
export type Reconciled = {
  readonly customer: string
  readonly counted: Decimal
  readonly values: ReadonlyMap<RecordState, bigint>
  /** Null: the customer is linked to none of Stripe. */
  readonly atStripe: bigint | null
}

/**
 * Compares what was sent of customers with what Stripe has summed up of them. Stripe sums up a moment later: what was
 * sent in the last minutes may not be in it yet. Throws `stripe.trigger_unknown`, `stripe.trigger_without_sums`, `stripe.span_empty`, `stripe.not_connected`, also when another
 * account than that of the trigger is connected, and what `askedFor` throws.
 */
export async function reconcile(
  deps: StripeDeps,
  envId: number,
  asked: ReconciliationAsked,
): Promise<{ readonly span: Span; readonly rows: Reconciled[] }> {
  const span = { from: hourOf(asked.from), to: hourOf(asked.to) }
  if (span.from >= span.to) throw failures.spanEmpty()
  const { trigger, figures } = await deps.db.inTransaction(async (tx) => {
    const trigger = await findTrigger(tx, envId, asked.triggerId)
    if (trigger.type !== 'stripe_usage') throw failures.notReconcilable(trigger.id)
    const figures: Linked[] = []
    for (const one of await selectFigures(tx, envId, { ...asked, ...span })) {
      const named = { accountId: trigger.accountId, customer: one.customer }
      figures.push({ ...one, customerRef: await linkedCustomer(tx, envId, named) })
    }
    return { trigger, figures }
  })
  const account = await boundAccount(deps, envId)
  if (trigger.accountId !== account.id) throw stripeFailures.notConnected()
  const rows = await askedFor(deps, envId, () =>
    Promise.all(
      figures.map(async ({ customerRef, ...one }) => {
        if (customerRef === undefined) return { ...one, atStripe: null }
        const ofCustomer = { customerRef, ...span }
        return { ...one, atStripe: await sumAtStripe(account, trigger.stripeMeter, ofCustomer) }
      }),
    ),
  )
  return { span, rows }
}

type Linked = Figures & { readonly customerRef: string | undefined }
