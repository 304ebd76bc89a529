import { lockCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import {
  type LeftAccount,
  type LeftMethod,
  selectLeft,
  selectLeftCustomers,
  updateAllLeft,
  updateLeft,
} from './left-methods.store.ts'
import {
  type PaymentMethod,
  selectMethods,
  updateDefault,
  updateDetached,
} from './payment-methods.store.ts'

/** Takes all methods of a provider away, because its account is left: no other one can charge them. */
export async function leaveMethods(
  tx: Tx,
  envId: number,
  left: LeftAccount,
  now: Date,
): Promise<void> {
  await updateAllLeft(tx, envId, left, now)
}

/** Up to `limit` customers who had methods at this account when it was left. */
export function leftCustomers(
  tx: Tx,
  envId: number,
  left: LeftAccount,
  limit: number,
): Promise<string[]> {
  return selectLeftCustomers(tx, envId, left, limit)
}

/**
 * Gives a customer back those of the methods that they had when an account was left which its provider still has with
 * them; the others are gone for good, like all that a person detached. What was the default is so again, unless there
 * is another one by now. A repeat changes nothing. Throws `customer.unknown`.
 */
export async function restoreLeft(
  tx: Tx,
  envId: number,
  left: LeftAccount & { readonly customer: string; readonly tokens: ReadonlySet<string> },
): Promise<void> {
  const { customer, tokens } = left
  await lockCustomer(tx, envId, customer)
  const methods = await selectLeft(tx, envId, left)
  for (const { id, token } of methods)
    if (!tokens.has(token)) await updateLeft(tx, envId, { id, isBack: false })
  const back = methods.filter(({ token }) => tokens.has(token))
  await bringBack(tx, envId, customer, back)
}

/** The same for one method that its provider tells of; nothing unless it was left. The caller has locked its customer. */
export async function restoreOne(
  tx: Tx,
  envId: number,
  { customer, provider, token, leftAccount: account }: PaymentMethod,
): Promise<void> {
  if (account === null) return
  const methods = await selectLeft(tx, envId, { customer, provider, account })
  const back = methods.filter((each) => each.token === token)
  await bringBack(tx, envId, customer, back)
}

async function bringBack(
  tx: Tx,
  envId: number,
  customer: string,
  methods: readonly LeftMethod[],
): Promise<void> {
  for (const { id } of methods) await updateLeft(tx, envId, { id, isBack: true })
  const standard = methods.find(({ wasDefault }) => wasDefault)
  const present = await selectMethods(tx, envId, customer)
  if (standard && !present.some(({ isDefault }) => isDefault))
    await updateDefault(tx, envId, { customer, id: standard.id })
}

/** Takes away for good what a customer can pay with by this provider, which does not know them any more. */
export async function forgetMethods(
  tx: Tx,
  envId: number,
  { customer, provider }: Pick<PaymentMethod, 'customer' | 'provider'>,
  now: Date,
): Promise<void> {
  await lockCustomer(tx, envId, customer)
  const methods = await selectMethods(tx, envId, customer)
  for (const method of methods)
    if (method.provider === provider) await updateDetached(tx, envId, method, now)
}
