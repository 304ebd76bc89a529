import { lockCredits } from '../credits/settle-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import { checkBills } from '../rating/check-bills.ts'
import { lockSubscription, park } from '../subscriptions/change-subscription.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { InvoiceContent, LateState } from './invoice.ts'
import { tellOf } from './invoice-facts.ts'
import { insertDrafts, selectDraftsOf } from './invoice-states.store.ts'
import { afterLastInvoice } from './late-content.ts'
import { upsertLook } from './late-periods.store.ts'
import { storeInvoices } from './store-invoices.ts'
import { countingMeters } from './wait-for-meters.ts'

/**
 * What came of a look. `waiting`: its last invoice is not made yet, or its billing was stopped; `incomplete`: a meter
 * still counts events older than itself; `parked`: its billing was stopped now; `over`: nothing of it was ever billed.
 */
export type LateLook =
  | { readonly outcome: 'done' | 'waiting' | 'over' }
  | { readonly outcome: 'incomplete'; readonly waitsFor: readonly string[] }
  | { readonly outcome: 'parked'; readonly reason: string }

/**
 * Invoices what came late of a subscription that has ended, and that no later invoice will have. Each look begins
 * where the one before it stopped, behind the lock of the subscription: so two of them, one after the other or
 * at the same time, bill nothing twice. What a meter does not pass on stands on the invoice too, at nothing.
 */
export async function billLateUsage(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  now: Date,
): Promise<LateLook> {
  const subscription = await lockSubscription(tx, envId, subscriptionId)
  const drafts = await selectDraftsOf(tx, envId, subscriptionId)
  if (drafts.length > 0 || subscription.parkedReason !== null) return { outcome: 'waiting' }
  await lockCredits(tx, envId, [subscription.customer])
  const id = newId('inv')
  const found = await afterLastInvoice(tx, envId, { id, subscriptionId, at: now })
  if (found === null) return { outcome: 'over' }
  const { periodNo, position, late } = found
  if (late !== null) {
    const { rated, usage, content } = late
    if (!rated.isComplete)
      return { outcome: 'incomplete', waitsFor: await countingMeters(tx, envId, usage) }
    const wrong = await checkBills(tx, envId, { rated: [rated], usage })
    const reason = wrong.get(id) ?? null
    if (reason !== null) {
      await park(tx, envId, { id: subscriptionId, reason }, now)
      return { outcome: 'parked', reason }
    }
    if (content.lines.length > 0)
      await makeFinal(tx, envId, { id, subscription, periodNo, content }, now)
  }
  await upsertLook(tx, envId, { subscriptionId, position })
  return { outcome: 'done' }
}

async function makeFinal(
  tx: Tx,
  envId: number,
  made: Pick<LateState, 'id' | 'periodNo'> & {
    readonly subscription: Subscription
    readonly content: InvoiceContent
  },
  now: Date,
): Promise<void> {
  const { id, periodNo, subscription, content } = made
  const { id: subscriptionId, customer } = subscription
  const state: LateState = {
    ...{ id, kind: 'late', status: 'draft', reason: null, version: 1 },
    ...{ customer, subscriptionId, periodNo },
    ...{ createdAt: now, overdueAt: null, creditedMinor: 0n },
  }
  const inserted = await insertDrafts(tx, envId, [state])
  invariant(inserted.size === 1, 'behind the lock of its subscription it has a number of its own')
  await tellOf(tx, envId, [{ type: 'invoice.created', state, content }], now)
  await storeInvoices(tx, envId, [{ state, content }], now)
}
