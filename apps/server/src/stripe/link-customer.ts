import { hash } from 'node:crypto'
import { getCustomer } from '../customers/declare-customer.ts'
import { attachOnce } from '../payments/payment-methods.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { type Account, askedFor, boundAccount, type StripeDeps } from './account.ts'
import { readConnection } from './connect.ts'
import { selectAccountForShare } from './connections.store.ts'
import { failures } from './failures.ts'
import { type MethodLabel, methodLabel } from './method-label.ts'
import { isMissing } from './stripe-api.ts'
import { insertStripeCustomer, selectCustomerRef } from './stripe-customers.store.ts'
import { tellUsageOf } from './usage-work.ts'

/** What a customer of ours is called in the metadata of Stripe. */
export const CUSTOMER_FIELD = 'usageflow_customer'

/**
 * Whom the account knows a customer as, who is made there if need be. Asked twice at once, Stripe makes one: our id
 * of the customer is the idempotency key. Throws `customer.unknown`.
 */
export async function customerAt(
  deps: StripeDeps,
  envId: number,
  { account, customer }: { readonly account: Account; readonly customer: string },
): Promise<string> {
  const named = { accountId: account.id, customer }
  const { known, id, profile } = await deps.db.inTransaction(async (tx) => {
    const { id, name, email } = await getCustomer(tx, envId, customer)
    const profile = { ...(name ? { name } : {}), ...(email ? { email } : {}) }
    return { known: await selectCustomerRef(tx, envId, named), id, profile }
  })
  if (known !== undefined) return known
  const wanted = { ...profile, metadata: { [CUSTOMER_FIELD]: customer } }
  const idempotencyKey = `${id}:${fingerprint(profile)}`
  const made = await account.client.customers.create(wanted, { idempotencyKey })
  return deps.db.inTransaction(async (tx) => {
    await insertStripeCustomer(tx, envId, { ...named, customerRef: made.id })
    await tellUsageOf(tx, envId, [customer], await environmentNow(tx, envId, deps.clock()))
    return (await selectCustomerRef(tx, envId, named)) ?? made.id
  })
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
    return { accountId: account.id, customerRef, methods }
  })
}

/**
 * Links a customer to one of Stripe, and attaches what it can pay with there. A repeat changes nothing. Throws
 * `customer.unknown`, `stripe.customer_taken` and `stripe.account_changed`.
 */
export async function linkCustomer(
  tx: Tx,
  envId: number,
  { customer, found }: { readonly customer: string; readonly found: FoundCustomer },
  now: Date,
): Promise<void> {
  await getCustomer(tx, envId, customer)
  const { accountId, customerRef, methods } = found
  if ((await selectAccountForShare(tx, envId)) !== accountId) throw failures.accountChanged()
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
