import { decimal } from '@usageflow/pricing'
import type { FakeInvoice, FakeInvoiceItem } from '../../test/stripe/fake-invoices.ts'
import type { Fault } from '../../test/stripe/fake-stripe.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { createOneOff } from '../invoicing/create-one-off.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { livePayments } from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { schedule } from '../platform/due/schedule.ts'
import { boundAccount } from '../stripe/account.ts'
import { forgetPauses } from '../stripe/test-account.ts'
import { INVOICES_AT_KIND } from '../stripe/usage-work.ts'
import { createInvoiceTrigger } from './change-trigger.ts'
import type { StripeInvoice } from './stripe-invoice.ts'
import { selectStripeInvoice } from './stripe-invoices.store.ts'
import { aTelling, type Telling, tell } from './test-telling.ts'
import type { CollectionMethod, Trigger } from './trigger.ts'

/** An environment whose invoices are billed at a Stripe on this machine; Ann is linked there. */
export type Billing = Telling & { readonly trigger: Trigger }

export async function aBilling(
  collectionMethod: CollectionMethod | null,
  makesCustomers = false,
): Promise<Billing> {
  const telling = await aTelling()
  const { env, deps, now } = telling
  const { id: accountId } = await boundAccount(deps, env)
  const times = { now: now(), systemNow: now() }
  const wanted = { accountId, collectionMethod, makesCustomers }
  const trigger = await inOwnTransaction((tx) => createInvoiceTrigger(tx, env, wanted, times))
  return { ...telling, trigger }
}

/** A final invoice of items of these amounts, which is collected as everything is. Returns its id. */
export async function invoiced(
  { env, now }: Telling,
  amounts: readonly string[],
  customer = 'ann',
): Promise<string> {
  const items = amounts.map((unitAmount, index) => ({
    ...{ description: `Work ${index + 1}`, quantity: decimal('1'), unitAmount, taxRate: null },
  }))
  const id = await inOwnTransaction(async (tx) => {
    await seeCustomers(tx, [{ envId: env, customer }], now())
    const wanted = { customer, currency: 'USD', items, netDays: 14, period: null }
    return (await createOneOff(tx, env, wanted, now())).state.id
  })
  await livePayments(env, now())
  return id
}

/** Stripe tells of invoices of a customer there. */
export async function told(billing: Telling, customerRef = billing.ann): Promise<void> {
  const { env, now } = billing
  const work = { kind: INVOICES_AT_KIND, ref: customerRef, at: now() }
  await inOwnTransaction((tx) => schedule(tx, env, work))
  await tell(billing)
}

/** Tries what was put off. */
export async function again(billing: Telling): Promise<void> {
  await forgetPauses(billing.env)
  await tell(billing)
}

export function standing({ env }: Telling, id: string): Promise<StripeInvoice | undefined> {
  return inOwnTransaction((tx) => selectStripeInvoice(tx, env, id))
}

export async function statusOf({ env }: Telling, id: string): Promise<string> {
  return inOwnTransaction(async (tx) => (await getInvoice(tx, env, id)).state.status)
}

/** All that is at Stripe. */
export function there({ stripe }: Telling): {
  readonly invoices: FakeInvoice[]
  readonly items: FakeInvoiceItem[]
} {
  const { invoices, items } = stripe.books.invoices
  return { invoices: [...invoices.values()], items: [...items.values()] }
}

/** What becomes of the next calls that change something at Stripe, one after the other; null: they are done. */
export function failNext({ stripe }: Telling, ...faults: readonly (Fault | null)[]): void {
  const left = [...faults]
  stripe.fail((what) => (what.startsWith('GET ') ? null : (left.shift() ?? null)))
}
