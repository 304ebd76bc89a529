import { lockCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { failures } from './failures.ts'
import { restoreOne } from './left-methods.ts'
import {
  insertMethod,
  type PaymentMethod,
  selectByToken,
  selectMethod,
  selectMethods,
  updateDefault,
  updateDetached,
  updateGiven,
  updateLabel,
} from './payment-methods.store.ts'

/** A method as whoever knows how to charge it calls it. */
export type NewMethod = Pick<PaymentMethod, 'customer' | 'provider' | 'token' | 'isDefault'> &
  Partial<Pick<PaymentMethod, 'label' | 'expiresOn' | 'givenAt'>>

/**
 * Gives a customer a method to pay with; the first one is the default, and so is one that asks for it, unless the default
 * was given later.
 * Throws `customer.unknown`.
 */
export async function attachMethod(
  tx: Tx,
  envId: number,
  wanted: NewMethod,
  now: Date,
): Promise<PaymentMethod> {
  const { customer, provider, token, label = null, expiresOn = null, givenAt = null } = wanted
  await lockCustomer(tx, envId, customer)
  const present = await selectMethods(tx, envId, customer)
  const isDefault = present.length === 0 || (wanted.isDefault && !isGivenEarlier(wanted, present))
  if (isDefault) await updateDefault(tx, envId, { customer, id: null })
  const method: PaymentMethod = {
    id: newId('pm'),
    customer,
    provider,
    token,
    label,
    expiresOn,
    isDefault,
    attachedAt: now,
    detachedAt: null,
    leftAccount: null,
    givenAt,
  }
  await insertMethod(tx, envId, method)
  return method
}

/**
 * The same for a method that a provider tells of, maybe twice: once. What a person detached since stays so, and what went
 * with an account that was left comes back; what it is called is taken over each time.
 * Throws `customer.unknown`.
 */
export async function attachOnce(
  tx: Tx,
  envId: number,
  wanted: NewMethod,
  now: Date,
): Promise<void> {
  await lockCustomer(tx, envId, wanted.customer)
  const known = await selectByToken(tx, envId, wanted)
  if (!known) return void (await attachMethod(tx, envId, wanted, now))
  if (known.customer === wanted.customer) await restoreOne(tx, envId, known)
  await noteGiven(tx, envId, known, wanted)
  if (wanted.label) {
    const { label, expiresOn = null } = wanted
    await updateLabel(tx, envId, { id: known.id, label, expiresOn })
  }
}

/** Whether the default was given after this one, which is only told of later. */
function isGivenEarlier({ givenAt }: NewMethod, present: readonly PaymentMethod[]): boolean {
  const standard = present.find(({ isDefault }) => isDefault)
  return !!givenAt && !!standard?.givenAt && standard.givenAt > givenAt
}

/** A method that was known before its customer gave it is the default from then on, too; a repeat changes nothing. */
async function noteGiven(
  tx: Tx,
  envId: number,
  known: PaymentMethod,
  wanted: NewMethod,
): Promise<void> {
  const { customer, givenAt } = wanted
  if (!givenAt || known.givenAt || known.customer !== customer) return
  await updateGiven(tx, envId, { id: known.id, givenAt })
  const present = await selectMethods(tx, envId, customer)
  const isAttached = present.some(({ id }) => id === known.id)
  if (wanted.isDefault && isAttached && !isGivenEarlier(wanted, present))
    await updateDefault(tx, envId, { customer, id: known.id })
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
