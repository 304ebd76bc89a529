import { hash } from 'node:crypto'
import { getCustomer } from '../customers/declare-customer.ts'
import { forgetMethods } from '../payments/left-methods.ts'
import { attachOnce } from '../payments/payment-methods.ts'
import { isMovingMoneyOf } from '../payments/wake-payment.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { type Account, askedFor, boundAccount, type StripeDeps } from './account.ts'
import { readConnection } from './connect.ts'
import { selectAccountForShare } from './connections.store.ts'
import { failures } from './failures.ts'
import { type MethodLabel, methodLabel } from './method-label.ts'
import { isMissing } from './stripe-api.ts'
import {
  deleteStripeCustomer,
  insertStripeCustomer,
  type StripeCustomer,
  selectCustomerRef,
} from './stripe-customers.store.ts'
import { tellUsageOf } from './usage-work.ts'

/** What a customer of ours is called in the metadata of Stripe. */
export const CUSTOMER_FIELD = 'usageflow_customer'

/**
 * Whom the account knows a customer as, who is made there if need be. Asked twice at once, Stripe makes one: our id
 * of the customer is the idempotency key. `gone` was deleted there: then another one is made. Throws `customer.unknown`
 * and `stripe.customer_gone`.
 */
export async function customerAt(
  deps: StripeDeps,
  envId: number,
  wanted: { readonly account: Account; readonly customer: string; readonly gone?: string },
): Promise<string> {
  const { account, customer, gone } = wanted
  const named = { accountId: account.id, customer }
  const { known, id, profile } = await deps.db.inTransaction(async (tx) => {
    const { id, name, email } = await getCustomer(tx, envId, customer)
    const profile = { ...(name ? { name } : {}), ...(email ? { email } : {}) }
    const known = await selectCustomerRef(tx, envId, named)
    if (known !== undefined && known === gone) await assertNothingOpen(tx, envId, customer, gone)
    return { known, id, profile }
  })
  if (known !== undefined && known !== gone) return known
  const asked = { ...profile, metadata: { [CUSTOMER_FIELD]: customer } }
  const idempotencyKey = `${id}:${fingerprint(gone === undefined ? profile : { ...profile, gone })}`
  const made = await account.client.customers.create(asked, { idempotencyKey })
  return deps.db.inTransaction(async (tx) => {
    const now = await environmentNow(tx, envId, deps.clock())
    if (gone !== undefined) await forgetGone(tx, envId, { ...named, customerRef: gone }, now)
    await insertStripeCustomer(tx, envId, { ...named, customerRef: made.id })
    await tellUsageOf(tx, envId, [customer], now)
    return (await selectCustomerRef(tx, envId, named)) ?? made.id
  })
}

/**
 * Forgets a link to somebody who was deleted at Stripe, and what they could pay with there. What was sent while they were
 * there is open, and found by that link alone; since then Stripe takes nothing for them. Throws `stripe.customer_gone`.
 */
async function forgetGone(tx: Tx, envId: number, gone: StripeCustomer, now: Date): Promise<void> {
  const { accountId, customer, customerRef } = gone
  if ((await selectCustomerRef(tx, envId, { accountId, customer })) !== customerRef) return
  await assertNothingOpen(tx, envId, customer, customerRef)
  await deleteStripeCustomer(tx, envId, gone)
  await forgetMethods(tx, envId, { customer, provider: 'stripe' }, now)
}

async function assertNothingOpen(
  tx: Tx,
  envId: number,
  customer: string,
  customerRef: string,
): Promise<void> {
  if (await isMovingMoneyOf(tx, envId, { provider: 'stripe', customer }))
    throw failures.customerGone(customerRef)
}

/** Whether Stripe says that somebody was deleted there, or never was. */
export async function isGone({ client }: Account, customerRef: string): Promise<boolean> {
  try {
    return (await client.customers.retrieve(customerRef)).deleted === true
  } catch (error) {
    if (isMissing(error)) return true
    throw error
  }
}

/** Whom the account knows a customer as; undefined when nobody has said. */
export async function linkedCustomer(
  tx: Tx,
  envId: number,
  named: { readonly accountId: string; readonly customer: string },
): Promise<string | undefined> {
  return selectCustomerRef(tx, envId, named)
}

/** Stripe refuses a key that comes again with other content, like a name that was changed meanwhile. */
function fingerprint(profile: object): string {
  return hash('sha256', JSON.stringify(profile), 'hex').slice(0, 16)
}

/** A customer of Stripe, with the cards that are attached there. */
export type FoundCustomer = {
  readonly accountId: string
  readonly customerRef: string
  /** Whom the customer was linked to and who was deleted at Stripe since; null: nobody. */
  readonly gone: string | null
  readonly methods: readonly (MethodLabel & {
    readonly token: string
    readonly isDefault: boolean
  })[]
}

/**
 * Looks up at Stripe whom one of our customers is to be linked to. Throws `customer.unknown`, `stripe.not_connected`, and
 * `stripe.customer_unknown` for one that the account does not have or that was deleted there.
 */
export async function findCustomer(
  deps: StripeDeps,
  envId: number,
  { customer, customerRef }: { readonly customer: string; readonly customerRef: string },
): Promise<FoundCustomer> {
  await deps.db.inTransaction((tx) => getCustomer(tx, envId, customer))
  const account = await boundAccount(deps, envId)
  const { customers, paymentMethods } = account.client
  return askedFor(deps, envId, async () => {
    const found = await customers.retrieve(customerRef).catch((error: unknown) => {
      throw isMissing(error) ? failures.customerUnknown(customerRef) : error
    })
    if (found.deleted) throw failures.customerUnknown(customerRef)
    const standard = found.invoice_settings.default_payment_method
    const standardId = typeof standard === 'string' ? standard : standard?.id
    const { data } = await paymentMethods.list({ customer: customerRef, limit: METHODS_MAX })
    const methods = data.map((method) => ({
      ...{ token: method.id, isDefault: method.id === standardId },
      ...methodLabel(method),
    }))
    const gone = await goneLink(deps, envId, { account, customer, customerRef })
    return { accountId: account.id, customerRef, gone, methods }
  })
}

/** Whom the customer is linked to, if that is another one, who was deleted at Stripe. */
async function goneLink(
  deps: StripeDeps,
  envId: number,
  wanted: { readonly account: Account; readonly customer: string; readonly customerRef: string },
): Promise<string | null> {
  const { account, customer, customerRef } = wanted
  const named = { accountId: account.id, customer }
  const linked = await deps.db.inTransaction((tx) => selectCustomerRef(tx, envId, named))
  if (linked === undefined || linked === customerRef) return null
  return (await isGone(account, linked)) ? linked : null
}

/**
 * Links a customer to one of Stripe, and attaches what it can pay with there. A repeat changes nothing. Throws
 * `customer.unknown`, `stripe.customer_taken`, `stripe.customer_gone` and `stripe.account_changed`.
 */
export async function linkCustomer(
  tx: Tx,
  envId: number,
  { customer, found }: { readonly customer: string; readonly found: FoundCustomer },
  now: Date,
): Promise<void> {
  await getCustomer(tx, envId, customer)
  const { accountId, customerRef, gone, methods } = found
  if ((await selectAccountForShare(tx, envId)) !== accountId) throw failures.accountChanged()
  if (gone !== null) await forgetGone(tx, envId, { accountId, customer, customerRef: gone }, now)
  const isNew = await insertStripeCustomer(tx, envId, { accountId, customer, customerRef })
  const known = await selectCustomerRef(tx, envId, { accountId, customer })
  if (!isNew && known !== customerRef) throw failures.customerTaken(customerRef)
  if (isNew) await tellUsageOf(tx, envId, [customer], now)
  for (const method of methods)
    await attachOnce(tx, envId, { customer, provider: 'stripe', ...method }, now)
}

/** Whom the connected account knows a customer as; null: nobody, or there is no account. Throws `customer.unknown`. */
export async function readLink(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<{ readonly accountId: string | null; readonly customerRef: string | null }> {
  await getCustomer(tx, envId, customer)
  const connection = await readConnection(tx, envId)
  if (!connection) return { accountId: null, customerRef: null }
  const { accountId } = connection
  return {
    accountId,
    customerRef: (await selectCustomerRef(tx, envId, { accountId, customer })) ?? null,
  }
}

const METHODS_MAX = 100
