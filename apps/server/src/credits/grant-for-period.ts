import { minorFromDecimal, wholeDecimal } from '@usageflow/pricing'
import type { PlanCredit } from '../catalog/plan-credits.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { BillingPeriod } from '../subscriptions/billing-period.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { Asset } from './credit.ts'
import { type NewGrant, writeGrant } from './grant-credits.ts'
import { isWholeGranted, lockBalances } from './grants.store.ts'

/**
 * Grants what a plan gives for a period of a subscription, each credit once however often this is called, and
 * once for all parts of a whole period: credits are not prorated. The grants are valid until the period was to
 * end when it began; what is left of them may go over, or lapses.
 */
export async function grantForPeriod(
  tx: Tx,
  envId: number,
  granted: {
    readonly subscription: Pick<Subscription, 'id' | 'customer'> & {
      readonly plan: { readonly id: string }
    }
    readonly period: Pick<BillingPeriod, 'no' | 'start' | 'end' | 'fullStart'>
    /** In the order of the plan version: a credit is known by its place. */
    readonly credits: readonly PlanCredit[]
  },
  now: Date,
): Promise<void> {
  const { subscription, period, credits } = granted
  if (credits.length === 0) return
  await lockBalances(tx, envId, [subscription.customer])
  const whole = { planId: subscription.plan.id, fullStart: period.fullStart, periodNo: period.no }
  if (await isWholeGranted(tx, envId, { subscriptionId: subscription.id, ...whole })) return
  for (const [index, credit] of credits.entries()) {
    const cycle = {
      subscriptionId: subscription.id,
      periodNo: period.no,
      creditNo: index + 1,
      rollover: credit.rollover,
      rolledFrom: null,
    }
    const grant: NewGrant = {
      ...{ customer: subscription.customer, ...whatOf(credit), lowAt: null, name: '' },
      ...{ from: period.start, to: period.end, source: 'plan', cycle },
      ...{ priority: credit.priority, isPromotional: credit.isPromotional },
    }
    await writeGrant(tx, envId, inMinor(grant, credit), now)
  }
}

function whatOf(credit: PlanCredit): Pick<NewGrant, 'amount'> & { readonly asset: Asset } {
  if ('meterId' in credit)
    return { asset: { kind: 'units', meterId: credit.meterId }, amount: credit.units }
  const { currency, amountMinor } = credit
  return { asset: { kind: 'money', currency, meterIds: null }, amount: wholeDecimal(amountMinor) }
}

/** The cap of a money credit is in the major unit on the plan, like its amount there. */
function inMinor(grant: NewGrant, credit: PlanCredit): NewGrant {
  const cap = credit.rollover?.cap ?? null
  if ('meterId' in credit || cap === null || !grant.cycle || !credit.rollover) return grant
  const capMinor = wholeDecimal(minorFromDecimal(cap, credit.currency))
  return {
    ...grant,
    cycle: { ...grant.cycle, rollover: { ...credit.rollover, cap: capMinor } },
  }
}
