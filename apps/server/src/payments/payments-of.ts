import type { Tx } from '../platform/db/transaction.ts'
import { failures } from './failures.ts'
import type { Payment } from './payment.ts'
import { type PaymentMethod, selectMethod, selectMethods } from './payment-methods.store.ts'
import { detachMethod, makeDefault } from './payment-methods.ts'
import { selectLastCharges } from './payments.store.ts'

/** What a customer can pay with, in the order in which it was given. */
export function methodsOf(tx: Tx, envId: number, customer: string): Promise<PaymentMethod[]> {
  return selectMethods(tx, envId, customer)
}

/** The newest charge of each of these invoices, by invoice. */
export async function lastChargesOf(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, Payment>> {
  const charges = await selectLastCharges(tx, envId, invoiceIds)
  return new Map(charges.map((charge) => [charge.invoiceId, charge]))
}

/** Has the invoices of a customer be collected with a method of theirs. Throws `payment.method_unknown`, also for that of somebody else. */
export async function chooseMethod(
  tx: Tx,
  envId: number,
  { customer, id }: { readonly customer: string; readonly id: string },
): Promise<PaymentMethod> {
  await assertTheirs(tx, envId, { customer, id })
  return makeDefault(tx, envId, id)
}

/** Takes a method away from a customer whose it is. Throws `payment.method_unknown`, also for that of somebody else. */
export async function giveUpMethod(
  tx: Tx,
  envId: number,
  theirs: { readonly customer: string; readonly id: string },
  now: Date,
): Promise<void> {
  await assertTheirs(tx, envId, theirs)
  await detachMethod(tx, envId, theirs.id, now)
}

async function assertTheirs(
  tx: Tx,
  envId: number,
  { customer, id }: { readonly customer: string; readonly id: string },
): Promise<void> {
  const method = await selectMethod(tx, envId, id)
  if (method?.customer !== customer) throw failures.methodUnknown(id)
}
