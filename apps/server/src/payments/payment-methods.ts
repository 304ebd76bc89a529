import { lockCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { failures } from './failures.ts'
import {
  insertMethod,
  type PaymentMethod,
  selectMethod,
  selectMethods,
  updateDefault,
  updateDetached,
} from './payment-methods.store.ts'
import type { TestToken } from './sandbox-provider.ts'

/**
 * Gives a customer a method to pay with; the first one is the default, and so is one that asks for it.
 * Throws `customer.unknown`.
 */
export async function attachMethod(
  tx: Tx,
  envId: number,
  wanted: { readonly customer: string; readonly token: TestToken; readonly isDefault: boolean },
  now: Date,
): Promise<PaymentMethod> {
  const { customer, token } = wanted
  await lockCustomer(tx, envId, customer)
  const isFirst = (await selectMethods(tx, envId, customer)).length === 0
  const isDefault = wanted.isDefault || isFirst
  if (isDefault) await updateDefault(tx, envId, { customer, id: null })
  const method: PaymentMethod = {
    id: newId('pm'),
    customer,
    provider: 'test',
    token,
    isDefault,
    attachedAt: now,
    detachedAt: null,
  }
  await insertMethod(tx, envId, method)
  return method
}

/** Has invoices be collected with this method from now on. Throws `payment.method_unknown`. */
export async function makeDefault(tx: Tx, envId: number, id: string): Promise<PaymentMethod> {
  const { customer } = await lockedMethod(tx, envId, id)
  await updateDefault(tx, envId, { customer, id })
  return getMethod(tx, envId, id)
}

/**
 * Takes a method away; if it was the default, the customer has none until another is chosen. Payments
 * under way with it go on. Throws `payment.method_unknown`.
 */
export async function detachMethod(tx: Tx, envId: number, id: string, now: Date): Promise<void> {
  await updateDetached(tx, envId, await lockedMethod(tx, envId, id), now)
}

/** One change of a customer's methods at a time: there is one default. */
async function lockedMethod(tx: Tx, envId: number, id: string): Promise<PaymentMethod> {
  const { customer } = await getMethod(tx, envId, id)
  await lockCustomer(tx, envId, customer)
  return getMethod(tx, envId, id)
}

async function getMethod(tx: Tx, envId: number, id: string): Promise<PaymentMethod> {
  const method = await selectMethod(tx, envId, id)
  if (!method) throw failures.methodUnknown(id)
  return method
}
