import { ANCHOR_KINDS, CYCLES, decimal, formatDecimal, ZERO } from '@usageflow/pricing'
import { z } from 'zod'
import { overridesReply, overridesToReply } from '../catalog/overrides.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { decimalField, instantText } from '../platform/http/fields.ts'
import type { BillingPeriod } from './billing-period.ts'
import { selectNewestPeriods } from './billing-periods.store.ts'
import { STATUSES, type Subscription } from './subscription.ts'
import type { Offer } from './term.ts'
import { scheduledChange, trialEnd } from './timeline.ts'

const PERIODS_SHOWN_MAX = 100

/** How often a base price is due: more than 0, as much as its column holds. */
export const quantityField = decimalField
  .refine(
    (text) => decimal(text) > ZERO && decimal(text) < QUANTITY_LIMIT,
    'is not more than 0 and below 10^18',
  )
  .meta({ description: 'How often the base price is due, like seats', example: '5' })

const QUANTITY_LIMIT = decimal('1000000000000000000')

const periodReply = z.object({
  periodNo: z.number(),
  start: instantText,
  end: instantText,
  state: z.enum(['open', 'closed', 'invoiced']),
  isBilled: z.boolean().meta({ description: 'False in a trial and a pause' }),
})

const subscriptionFields = {
  id: z.string(),
  customerId: z.string(),
  plan: z.string(),
  planId: z.string(),
  planVersion: z.number(),
  cycle: z.enum(CYCLES),
  quantity: z.string().meta({ description: 'How often the base price is due' }),
  overrides: overridesReply
    .nullable()
    .meta({ description: 'Prices for this subscription alone; null: those of the plan' }),
  status: z.enum(STATUSES),
  anchor: z.enum(ANCHOR_KINDS),
  anchorLocal: z.string().meta({ description: 'The civil time that all periods are counted from' }),
  timeZone: z.string(),
  startedAt: instantText,
  cancelAt: instantText.nullable(),
  endedAt: instantText.nullable(),
  parkedReason: z
    .string()
    .nullable()
    .meta({ description: 'Why billing has stopped until a person has looked' }),
  spendThresholdMinor: z
    .string()
    .nullable()
    .meta({ description: 'Usage that comes to so much is billed at once' }),
  trialEndsAt: instantText.nullable(),
  scheduledChange: z
    .object({
      at: instantText,
      plan: z.string(),
      planVersion: z.number(),
      quantity: z.string(),
      overrides: overridesReply.nullable(),
    })
    .nullable()
    .meta({ description: 'What it will be sold as instead, and from when on' }),
  createdAt: instantText,
}

export const subscriptionReply = z.object(subscriptionFields).meta({ id: 'Subscription' })

export const wholeReply = z
  .object({
    ...subscriptionFields,
    periods: z.array(periodReply).meta({ description: 'The newest first, at most 100' }),
  })
  .meta({ id: 'SubscriptionWithPeriods' })

export async function wholeOf(tx: Tx, envId: number, subscription: Subscription) {
  const periods = await selectNewestPeriods(tx, envId, subscription.id, PERIODS_SHOWN_MAX)
  return { ...toReply(subscription), periods: periods.map(periodToReply) }
}

export function toReply(subscription: Subscription) {
  const { plan, anchor, terms, term, status } = subscription
  const planned = status === 'canceled' ? null : scheduledChange(terms, term)
  return {
    id: subscription.id,
    customerId: subscription.customer,
    plan: plan.key,
    planId: plan.id,
    planVersion: plan.version,
    cycle: plan.cycle,
    quantity: formatDecimal(subscription.quantity),
    overrides: overridesOf(subscription),
    status,
    anchor: anchor.kind,
    anchorLocal: anchor.local,
    timeZone: anchor.timeZone,
    startedAt: subscription.startedAt.toISOString(),
    cancelAt: subscription.cancelAt?.toISOString() ?? null,
    endedAt: subscription.endedAt?.toISOString() ?? null,
    parkedReason: subscription.parkedReason,
    spendThresholdMinor: subscription.spendThresholdMinor?.toString() ?? null,
    trialEndsAt: status === 'trialing' ? (trialEnd(terms, term)?.toISOString() ?? null) : null,
    scheduledChange: planned && {
      at: planned.since.toISOString(),
      plan: planned.plan.key,
      planVersion: planned.plan.version,
      quantity: formatDecimal(planned.quantity),
      overrides: overridesOf(planned),
    },
    createdAt: subscription.createdAt.toISOString(),
  }
}

function overridesOf({ overrides }: Offer) {
  return Object.keys(overrides).length === 0 ? null : overridesToReply(overrides)
}

function periodToReply({ no, start, end, state, isBilled }: BillingPeriod) {
  return { periodNo: no, start: start.toISOString(), end: end.toISOString(), state, isBilled }
}
