import type Stripe from 'stripe'
import type { PaymentProvider, ProviderOutcome, ProviderRequest } from '../payments/provider.ts'
import { type Account, boundAccount, noting, type StripeDeps } from './account.ts'
import { selectAccountForShare } from './connections.store.ts'
import { canceledOr, concluded, declinedToo } from './intent-outcome.ts'
import { refundOutcome } from './refund-outcome.ts'
import { toStripeAmount } from './stripe-amount.ts'
import { isDefinite } from './stripe-api.ts'
import { selectCustomerRef } from './stripe-customers.store.ts'

export type ProviderDeps = StripeDeps & {
  /** Where Stripe sends a customer back to who has confirmed a payment at a bank. Throws when nobody knows. */
  returnUrl(): string
}

/** What a payment of ours is called in the metadata of Stripe: by it one is found at any time. */
export const PAYMENT_FIELD = 'usageflow_payment'

/** What of a request is asked of which account. */
type Ask = {
  readonly account: Account
  readonly request: ProviderRequest
  /** Whom the account knows the customer as. */
  readonly customerRef: string
  returnUrl(): string
}

/**
 * Moves money by the account of Stripe that an environment is bound to.
 *
 * A charge is a PaymentIntent that is confirmed as it is made; our id of the payment is its idempotency key, and stands
 * in its metadata. Stripe keeps keys for a day. What was sent is therefore looked for before anything is sent again, among
 * the PaymentIntents of the customer: that list is complete at once, as searches at Stripe are not.
 */
export function createStripeProvider(deps: ProviderDeps): PaymentProvider {
  const asking = async (
    envId: number,
    request: ProviderRequest,
    ask: (ask: Ask) => Promise<ProviderOutcome>,
  ) => noting(deps, envId, async () => ask(await askOf(deps, envId, request)))
  return {
    name: 'stripe',
    accountOf: async (tx, envId) => (await selectAccountForShare(tx, envId)) ?? null,
    charge: (envId, request) => asking(envId, request, charge),
    refund: (envId, request) => asking(envId, request, refund),
    find: (envId, request) =>
      noting(deps, envId, async () => {
        const ask = await askOf(deps, envId, request)
        return request.kind === 'charge' ? findCharge(ask) : findRefund(ask)
      }),
    cancel: (envId, request) =>
      asking(envId, request, async (ask) => {
        const intent = await findIntent(ask)
        return intent ? cancel(ask, intent) : { status: 'canceled' }
      }),
  }
}

/** Throws when nobody can be asked, or not about this customer: then nothing is known of the payment. */
async function askOf(deps: ProviderDeps, envId: number, request: ProviderRequest): Promise<Ask> {
  const account = await boundAccount(deps, envId)
  if (request.account !== null && request.account !== account.id)
    throw new Error(`${request.idempotencyKey} was sent to ${request.account} of Stripe, not here`)
  const named = { accountId: account.id, customer: request.customerRef }
  const customerRef = await deps.db.inTransaction((tx) => selectCustomerRef(tx, envId, named))
  if (customerRef === undefined)
    throw new Error(
      `${account.id} of Stripe knows no customer of payment ${request.idempotencyKey}`,
    )
  return { account, request, customerRef, returnUrl: () => deps.returnUrl() }
}

async function charge(ask: Ask): Promise<ProviderOutcome> {
  const { account, request, customerRef: customer } = ask
  const { idempotencyKey, reference, currency } = request
  const amount = toStripeAmount(request.amountMinor, currency)
  if (amount === null) return { status: 'failed', failureCode: 'amount_not_possible' }
  const wanted = {
    ...{ amount, currency: currency.toLowerCase(), customer, payment_method: request.methodToken },
    ...{ confirm: true, off_session: true },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' as const },
    metadata: { [PAYMENT_FIELD]: idempotencyKey, usageflow_invoice: reference },
  }
  const create = () => account.client.paymentIntents.create(wanted, { idempotencyKey })
  const made = await orRefused(() => declinedToo(create))
  return 'refusal' in made ? made.refusal : concluded(by(ask), made.done)
}

async function findCharge(ask: Ask): Promise<ProviderOutcome | null> {
  const intent = await findIntent(ask)
  return intent && concluded(by(ask), intent)
}

async function findIntent({
  account,
  request,
  customerRef: customer,
}: Ask): Promise<Stripe.PaymentIntent | null> {
  const { paymentIntents } = account.client
  if (request.providerRef !== null) return paymentIntents.retrieve(request.providerRef)
  for await (const intent of paymentIntents.list({ customer, limit: PAGE }))
    if (intent.metadata[PAYMENT_FIELD] === request.idempotencyKey) return intent
  return null
}

async function cancel(ask: Ask, { id }: Stripe.PaymentIntent): Promise<ProviderOutcome> {
  const { paymentIntents } = ask.account.client
  return concluded(by(ask), await canceledOr(paymentIntents, id))
}

const by = ({ account: { client }, request: { idempotencyKey: key }, returnUrl }: Ask) => {
  return { client, key, returnUrl }
}

async function refund(ask: Ask): Promise<ProviderOutcome> {
  const { account, request } = ask
  const amount = toStripeAmount(request.amountMinor, request.currency)
  if (amount === null) return { status: 'failed', failureCode: 'amount_not_possible' }
  if (request.chargeRef === null) return { status: 'failed', failureCode: 'charge_unknown' }
  const metadata = { [PAYMENT_FIELD]: request.idempotencyKey }
  const wanted = { payment_intent: request.chargeRef, amount, metadata }
  const { idempotencyKey } = request
  const made = await orRefused(() => account.client.refunds.create(wanted, { idempotencyKey }))
  return 'refusal' in made ? made.refusal : refundOutcome(made.done)
}

async function findRefund({ account, request }: Ask): Promise<ProviderOutcome | null> {
  const { refunds } = account.client
  if (request.providerRef !== null)
    return refundOutcome(await refunds.retrieve(request.providerRef))
  if (request.chargeRef === null) return null
  for await (const one of refunds.list({ payment_intent: request.chargeRef, limit: PAGE }))
    if (one.metadata?.[PAYMENT_FIELD] === request.idempotencyKey) return refundOutcome(one)
  return null
}

/** What was made, or that Stripe says it made nothing, and would not if it were asked again. */
async function orRefused<T>(
  make: () => Promise<T>,
): Promise<{ readonly done: T } | { readonly refusal: ProviderOutcome }> {
  try {
    return { done: await make() }
  } catch (error) {
    if (!isDefinite(error)) throw error
    return { refusal: { status: 'failed', failureCode: error.code ?? 'refused' } }
  }
}

const PAGE = 100
