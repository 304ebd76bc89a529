import { lockCredits } from '../credits/settle-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import { basisNow } from '../rating/basis.ts'
import { checkBills } from '../rating/check-bills.ts'
import { openBilledPeriod, periodKey } from '../subscriptions/billed-periods.ts'
import { lockSubscription } from '../subscriptions/change-subscription.ts'
import { thresholdInvoices } from './deductions.ts'
import type { InvoiceContent, ThresholdState } from './invoice.ts'
import { tellOf } from './invoice-facts.ts'
import { insertDrafts } from './invoice-states.store.ts'
import { storeInvoices } from './store-invoices.ts'
import { thresholdContent, unbilledUsage } from './threshold-content.ts'

/**
 * Invoices the usage of the period under way as soon as what is not billed of it has come to the threshold
 * of its subscription. The invoice of the period has all usage on it, and takes this off: so it does not matter
 * how often this looks. Happening twice or at the same time, the second finds nothing that is not billed.
 *
 * What may be wrong, or is not all counted yet, is left to the invoice of the period.
 */
export async function billThreshold(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  now: Date,
): Promise<void> {
  const subscription = await lockSubscription(tx, envId, subscriptionId)
  const { spendThresholdMinor, parkedReason, customer } = subscription
  if (spendThresholdMinor === null || parkedReason !== null) return
  const open = await openBilledPeriod(tx, envId, subscription)
  if (!open || now <= open.period.start || now >= open.period.end) return
  await lockCredits(tx, envId, [customer])
  const ref = { subscriptionId, periodNo: open.period.no }
  const earlier = (await thresholdInvoices(tx, envId, [ref])).get(periodKey(ref)) ?? []
  const basis = basisNow(tx, envId)
  const found = await unbilledUsage(tx, envId, { billed: open, earlier }, basis)
  const { soFar, items, usage } = found
  if (!soFar.isComplete) return
  const sumMinor = items.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  if (sumMinor < spendThresholdMinor) return
  if ((await checkBills(tx, envId, { rated: [soFar], usage })).size > 0) return
  const content = await thresholdContent(tx, envId, { ...found, basis }, now)
  await makeFinal(tx, envId, { ...ref, customer, content }, now)
}

async function makeFinal(
  tx: Tx,
  envId: number,
  made: Pick<ThresholdState, 'subscriptionId' | 'periodNo' | 'customer'> & {
    readonly content: InvoiceContent
  },
  now: Date,
): Promise<void> {
  const { content, ...of } = made
  const state: ThresholdState = {
    ...{ id: newId('inv'), kind: 'threshold', status: 'draft', reason: null, version: 1, ...of },
    ...{ createdAt: now, overdueAt: null, creditedMinor: 0n },
  }
  const inserted = await insertDrafts(tx, envId, [state])
  invariant(
    inserted.size === 1,
    'behind the lock of its subscription a part has a number of its own',
  )
  await tellOf(tx, envId, [{ type: 'invoice.created', state, content }], now)
  await storeInvoices(tx, envId, [{ state, content }], now)
}
