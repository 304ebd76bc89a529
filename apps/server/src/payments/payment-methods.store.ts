import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** Who knows how to charge a method. */
export const METHOD_PROVIDERS = ['test', 'stripe'] as const

/** A means of a customer to pay. */
export type PaymentMethod = {
  readonly id: string
  readonly customer: string
  readonly provider: (typeof METHOD_PROVIDERS)[number]
  readonly token: string
  /** What people call it, like `Visa •••• 4242`; null: nobody has said. */
  readonly label: string | null
  /** The last month of a card, like `2030-04`. */
  readonly expiresOn: string | null
  /** What invoices are collected with. */
  readonly isDefault: boolean
  readonly attachedAt: Date
  readonly detachedAt: Date | null
  /** When its customer gave it on a page of its provider; null: it came otherwise. */
  readonly givenAt: Date | null
  /** It was detached because this account of its provider was left; null: for another reason, or it was not. */
  readonly leftAccount: string | null
}

export async function insertMethod(tx: Tx, envId: number, method: PaymentMethod): Promise<void> {
  await tx
    .insertInto('payment_methods')
    .values({
      env_id: envId,
      id: method.id,
      customer: method.customer,
      provider: method.provider,
      token: method.token,
      label: method.label,
      expires_on: method.expiresOn,
      is_default: method.isDefault,
      attached_at: method.attachedAt,
      given_at: method.givenAt,
    })
    .execute()
}

/** The methods that a customer has, in the order in which they were attached. */
export async function selectMethods(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<PaymentMethod[]> {
  const rows = await methods(tx, envId)
    .where('customer', '=', customer)
    .where('detached_at', 'is', null)
    .orderBy('attached_at')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** Undefined when there is none or it was detached. */
export async function selectMethod(
  tx: Tx,
  envId: number,
  id: string,
): Promise<PaymentMethod | undefined> {
  const row = await methods(tx, envId)
    .where('id', '=', id)
    .where('detached_at', 'is', null)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** The default method of each of the customers that has one. */
export async function selectDefaults(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<Map<string, PaymentMethod>> {
  const rows = await methods(tx, envId)
    .where('customer', '=', sql<string>`any(${customers}::text[])`)
    .where('is_default', '=', true)
    .execute()
  return new Map(rows.map((row) => [row.customer, fromRow(row)]))
}

/** Makes one of a customer's methods the default, or none. The caller has locked the customer. */
export async function updateDefault(
  tx: Tx,
  envId: number,
  chosen: { readonly customer: string; readonly id: string | null },
): Promise<void> {
  await ofCustomer(tx, envId, chosen.customer)
    .set({ is_default: false })
    .where('is_default', '=', true)
    .execute()
  if (chosen.id === null) return
  await ofCustomer(tx, envId, chosen.customer)
    .set({ is_default: true })
    .where('id', '=', chosen.id)
    .execute()
}

/** The method with this token of a provider, be it detached; undefined when there has never been one. */
export async function selectByToken(
  tx: Tx,
  envId: number,
  { provider, token }: Pick<PaymentMethod, 'provider' | 'token'>,
): Promise<PaymentMethod | undefined> {
  const row = await methods(tx, envId)
    .where('provider', '=', provider)
    .where('token', '=', token)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** What these methods are called, be they detached. */
export async function selectLabels(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await methods(tx, envId).where('id', '=', sql<string>`any(${ids}::text[])`).execute()
  return new Map(rows.map(({ id, label, token }) => [id, label ?? token]))
}

/** Writes what a method is called by now: cards are renewed. */
export async function updateLabel(
  tx: Tx,
  envId: number,
  { id, label, expiresOn }: Pick<PaymentMethod, 'id' | 'label' | 'expiresOn'>,
): Promise<void> {
  await tx
    .updateTable('payment_methods')
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .set({ label, expires_on: expiresOn })
    .execute()
}

/** Writes when a method, which was known already, was given. */
export async function updateGiven(
  tx: Tx,
  envId: number,
  { id, givenAt }: Pick<PaymentMethod, 'id' | 'givenAt'>,
): Promise<void> {
  await tx
    .updateTable('payment_methods')
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .set({ given_at: givenAt })
    .execute()
}

export async function updateDetached(
  tx: Tx,
  envId: number,
  { customer, id }: PaymentMethod,
  at: Date,
): Promise<void> {
  await ofCustomer(tx, envId, customer)
    .set({ detached_at: at, is_default: false })
    .where('id', '=', id)
    .execute()
}

function ofCustomer(tx: Tx, envId: number, customer: string) {
  return tx
    .updateTable('payment_methods')
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
}

function methods(tx: Tx, envId: number) {
  return tx
    .selectFrom('payment_methods')
    .where('env_id', '=', envId)
    .select([
      ...(['id', 'customer', 'provider', 'token', 'label', 'expires_on'] as const),
      ...(['is_default', 'attached_at', 'detached_at', 'left_account', 'given_at'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof methods>['execute']>>[number]

function fromRow(row: Row): PaymentMethod {
  return {
    id: row.id,
    customer: row.customer,
    provider: row.provider as PaymentMethod['provider'], // a check of the table
    token: row.token,
    label: row.label,
    expiresOn: row.expires_on,
    isDefault: row.is_default,
    attachedAt: row.attached_at,
    detachedAt: row.detached_at,
    leftAccount: row.left_account,
    givenAt: row.given_at,
  }
}
