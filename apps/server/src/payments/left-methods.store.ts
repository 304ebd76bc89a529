import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { PaymentMethod } from './payment-methods.store.ts'

/** An account of a provider that an environment was bound to. */
export type LeftAccount = Pick<PaymentMethod, 'provider'> & { readonly account: string }

/** A method that was detached because its account was left. */
export type LeftMethod = {
  readonly id: string
  readonly token: string
  readonly wasDefault: boolean
}

/** Detaches all methods of a provider, so that it is known which ones this account can charge. */
export async function updateAllLeft(
  tx: Tx,
  envId: number,
  { provider, account }: LeftAccount,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('payment_methods')
    .set((row) => ({
      ...{ detached_at: at, is_default: false },
      ...{ left_account: account, left_as_default: row.ref('is_default') },
    }))
    .where('env_id', '=', envId)
    .where('provider', '=', provider)
    .where('detached_at', 'is', null)
    .execute()
}

/** Up to `limit` customers with methods of this account. */
export async function selectLeftCustomers(
  tx: Tx,
  envId: number,
  { provider, account }: LeftAccount,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ customer: string }>`
    select distinct customer from payment_methods
    where env_id = ${envId} and left_account = ${account} and provider = ${provider}
    order by customer limit ${limit}`.execute(tx)
  return rows.map(({ customer }) => customer)
}

/** Those of a customer, the last one that was left first. */
export async function selectLeft(
  tx: Tx,
  envId: number,
  { provider, account, customer }: LeftAccount & { readonly customer: string },
): Promise<LeftMethod[]> {
  const rows = await tx
    .selectFrom('payment_methods')
    .select(['id', 'token', 'left_as_default'])
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .where('provider', '=', provider)
    .where('left_account', '=', account)
    .orderBy('detached_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(({ id, token, left_as_default }) => ({ id, token, wasDefault: left_as_default }))
}

/** Attaches a method again; `isBack` false: it stays detached for good. */
export async function updateLeft(
  tx: Tx,
  envId: number,
  { id, isBack }: { readonly id: string; readonly isBack: boolean },
): Promise<void> {
  await tx
    .updateTable('payment_methods')
    .set({ left_account: null, left_as_default: false, ...(isBack ? { detached_at: null } : {}) })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}
