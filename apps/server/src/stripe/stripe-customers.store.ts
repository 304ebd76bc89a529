import type { Tx } from '../platform/db/transaction.ts'

/** Whom the account of Stripe knows a customer as. */
export type StripeCustomer = {
  readonly accountId: string
  readonly customer: string
  readonly customerRef: string
}

export async function selectCustomerRef(
  tx: Tx,
  envId: number,
  { accountId, customer }: Pick<StripeCustomer, 'accountId' | 'customer'>,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('stripe_customers')
    .where('env_id', '=', envId)
    .where('account_id', '=', accountId)
    .where('customer', '=', customer)
    .select('customer_ref')
    .executeTakeFirst()
  return row?.customer_ref
}

/** Whether it could be: each is linked to one of the other side. */
export async function insertStripeCustomer(
  tx: Tx,
  envId: number,
  link: StripeCustomer,
): Promise<boolean> {
  const { accountId, customer, customerRef } = link
  const inserted = await tx
    .insertInto('stripe_customers')
    .values({ env_id: envId, account_id: accountId, customer, customer_ref: customerRef })
    .onConflict((conflict) => conflict.doNothing())
    .returning('customer')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Forgets a link, so that another one can be made; only as it is known to be. */
export async function deleteStripeCustomer(
  tx: Tx,
  envId: number,
  { accountId, customer, customerRef }: StripeCustomer,
): Promise<void> {
  await tx
    .deleteFrom('stripe_customers')
    .where('env_id', '=', envId)
    .where('account_id', '=', accountId)
    .where('customer', '=', customer)
    .where('customer_ref', '=', customerRef)
    .execute()
}
