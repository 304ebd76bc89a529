import { watchLateUsage } from '../metering/late-usage.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany, type Work } from '../platform/due/schedule.ts'
import { newId } from '../platform/id.ts'
import type { BilledPeriod } from '../subscriptions/billed-periods.ts'
import { contentsNow, type Draft } from './draft-content.ts'
import type { PeriodInvoiceKind, PeriodInvoiceState } from './invoice.ts'
import { tellOf } from './invoice-facts.ts'
import { insertDrafts } from './invoice-states.store.ts'

/** Due when a draft has waited long enough for late events. Its ref is the invoice. */
export const FINALIZE_KIND = 'invoice.finalize'

/**
 * Gives each of the periods its invoice, as a draft, and has it finalized when its grace is over: that
 * of the usage of a period is the plan's, a base price in advance waits for nothing. A period that has
 * an invoice of the kind already gets no other.
 */
export async function draftInvoices(
  tx: Tx,
  envId: number,
  drafted: { readonly kind: PeriodInvoiceKind; readonly periods: readonly BilledPeriod[] },
  now: Date,
): Promise<void> {
  const { kind, periods } = drafted
  if (periods.length === 0) return
  const drafts = periods.map((billed) => ({ billed, state: draftOf(billed, kind, now) }))
  const inserted = await insertDrafts(
    tx,
    envId,
    drafts.map(({ state }) => state),
  )
  if (kind === 'period') await watchLateUsage(tx, envId, periods.map(closedOf))
  const made = drafts.filter(({ state }) => inserted.has(state.id))
  await scheduleMany(tx, envId, made.map(finalizeWork))
  const contents = await contentsNow(tx, envId, made)
  await tellOf(
    tx,
    envId,
    contents.map((invoice) => ({ type: 'invoice.created', ...invoice })),
    now,
  )
}

function closedOf({ subscription, period }: BilledPeriod) {
  return { customer: subscription.customer, until: period.end }
}

function draftOf(
  { subscription, period }: BilledPeriod,
  kind: PeriodInvoiceKind,
  now: Date,
): PeriodInvoiceState {
  return {
    id: newId('inv'),
    customer: subscription.customer,
    subscriptionId: subscription.id,
    periodNo: period.no,
    kind,
    status: 'draft',
    reason: null,
    version: 1,
    overdueAt: null,
    creditedMinor: 0n,
    createdAt: now,
  }
}

/** When a draft is to be finalized. */
export function finalizeWork({ billed: { subscription, period }, state }: Draft): Work {
  const graceMs = subscription.plan.graceSeconds * 1_000
  const at = state.kind === 'advance' ? period.start : new Date(period.end.getTime() + graceMs)
  return { kind: FINALIZE_KIND, ref: state.id, at }
}
