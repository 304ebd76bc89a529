import Stripe from 'stripe'
import type { ProviderOutcome } from '../payments/provider.ts'
import { isDefinite } from './stripe-api.ts'

type By = {
  readonly client: Stripe
  /** Our id of the payment. */
  readonly key: string
  /** Where the customer comes back to. Throws when nobody knows. */
  returnUrl(): string
}

type Once = { readonly idempotencyKey: string }

const NEEDS_CUSTOMER = 'authentication_required'
const GIVEN_UP = 'abandoned'

/**
 * What a PaymentIntent comes to. One that failed is canceled, so that it can never be paid later, beside the
 * next attempt. One for which a bank wants the customer is confirmed again, now with the customer there: it is
 * still the same PaymentIntent, which can succeed once only.
 */
export async function concluded(by: By, intent: Stripe.PaymentIntent): Promise<ProviderOutcome> {
  const { id: providerRef, last_payment_error: error } = intent
  switch (intent.status) {
    case 'succeeded':
      return { providerRef, status: 'succeeded' }
    case 'requires_action':
      return { providerRef, status: 'action_required', actionUrl: actionUrlOf(intent) }
    case 'canceled':
      return intent.cancellation_reason === GIVEN_UP
        ? failed(intent)
        : { providerRef, status: 'canceled' }
    case 'requires_payment_method':
      return error?.code === NEEDS_CUSTOMER ? withCustomer(by, intent) : givenUp(by, intent)
    case 'requires_confirmation':
      return confirmed(by, intent)
    case 'processing':
      return { providerRef, status: 'processing' }
    default: // confirmed by Stripe just now
      return { providerRef, status: 'unknown' }
  }
}

/** Stripe has it and has not charged it yet: the rest of the request that made it was lost there. */
async function confirmed(by: By, { id }: Stripe.PaymentIntent): Promise<ProviderOutcome> {
  const once = { idempotencyKey: `${by.key}:confirm` }
  const after = await confirmedOr(by, { id, wanted: { off_session: true }, once })
  return after.status === 'requires_confirmation' ? givenUp(by, after) : concluded(by, after)
}

/** A PaymentIntent that was confirmed, or as it is when Stripe refuses to: its card may have been taken away meanwhile. */
async function confirmedOr(
  { client: { paymentIntents } }: By,
  { id, wanted, once }: { id: string; wanted: Stripe.PaymentIntentConfirmParams; once: Once },
): Promise<Stripe.PaymentIntent> {
  try {
    return await declinedToo(() => paymentIntents.confirm(id, wanted, once))
  } catch (error) {
    if (!isDefinite(error)) throw error
    return paymentIntents.retrieve(id)
  }
}

function failed({ id: providerRef, last_payment_error: error }: Stripe.PaymentIntent) {
  const failureCode = error?.decline_code ?? error?.code ?? 'declined'
  return { providerRef, status: 'failed', failureCode } as const
}

function actionUrlOf({ next_action: next }: Stripe.PaymentIntent): string | null {
  return next?.redirect_to_url?.url ?? null
}

/** An attempt of the schedule is over when it failed: what the next one charges is another PaymentIntent. */
async function givenUp(
  { client, ...by }: By,
  intent: Stripe.PaymentIntent,
): Promise<ProviderOutcome> {
  const after = await canceledOr(client.paymentIntents, intent.id, GIVEN_UP)
  return after.status === 'canceled' ? failed(intent) : concluded({ client, ...by }, after)
}

async function withCustomer(by: By, intent: Stripe.PaymentIntent): Promise<ProviderOutcome> {
  const { key, returnUrl } = by
  const method = intent.last_payment_error?.payment_method?.id
  const wanted = { return_url: returnUrl(), ...(method ? { payment_method: method } : {}) }
  const once = { idempotencyKey: `${key}:with-customer:${chargeOf(intent)}` } // a bank may want them again
  const after = await confirmedOr(by, { id: intent.id, wanted, once })
  return after.status === 'requires_payment_method' ? givenUp(by, after) : concluded(by, after)
}

/** What Stripe calls the last attempt to charge it. */
function chargeOf({ latest_charge: charge }: Stripe.PaymentIntent): string {
  return (typeof charge === 'string' ? charge : charge?.id) ?? 'none'
}

/** The PaymentIntent of an answer, also where Stripe says in an error what became of it. */
export async function declinedToo(
  send: () => Promise<Stripe.PaymentIntent>,
): Promise<Stripe.PaymentIntent> {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeCardError) && !isDefinite(error)) throw error
    if (!error.payment_intent) throw error
    return error.payment_intent
  }
}

/** A PaymentIntent that is canceled, or as it is when it cannot be any more. */
export async function canceledOr(
  paymentIntents: Stripe['paymentIntents'],
  id: string,
  reason: 'abandoned' | 'requested_by_customer' = 'requested_by_customer',
): Promise<Stripe.PaymentIntent> {
  try {
    return await paymentIntents.cancel(id, { cancellation_reason: reason })
  } catch (error) {
    if (!isDefinite(error)) throw error
    return paymentIntents.retrieve(id)
  }
}
