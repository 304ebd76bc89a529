import { ANCHOR_KINDS, decimal } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as addOnFailures } from '../catalog/add-on-failures.ts'
import { failures as couponFailures } from '../catalog/coupon-failures.ts'
import { overridesField } from '../catalog/overrides.ts'
import { overrideFailures, failures as planFailures } from '../catalog/plan-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import {
  customerIdField,
  flagField,
  instantField,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { newAddOnFields, subscriptionAddOnsRoutes } from './add-ons.routes.ts'
import { attachAddOn } from './attach-add-on.ts'
import { changeRoutes } from './change.routes.ts'
import { cancelAtPeriodEnd, cancelNow, getSubscription, suspend } from './change-subscription.ts'
import { endTrial, pause, resume } from './change-terms.ts'
import { failures } from './failures.ts'
import { spendThresholdRoutes } from './spend-threshold.routes.ts'
import { subscribe } from './subscribe.ts'
import { STATUSES, type Subscription } from './subscription.ts'
import {
  quantityField,
  subscriptionReply,
  toReply,
  wholeOf,
  wholeReply,
} from './subscription-reply.ts'
import { selectSubscriptions } from './subscriptions.store.ts'

const TRIAL_DAYS_MAX = 3660
const ADD_ONS_MAX = 20

const newSubscription = z.strictObject({
  customerId: customerIdField.optional(),
  plan: textField(100).meta({ description: 'Id or key', example: 'pro' }),
  planVersion: z.number().int().min(1).max(2_147_483_647).optional(),
  startedAt: instantField.optional(),
  timeZone: textField(100).default('UTC'),
  anchor: z.enum(ANCHOR_KINDS).default('day').meta({
    description:
      'Periods begin at local midnight of the first day, at the very instant, or with the calendar',
  }),
  cancelAt: instantField.optional(),
  quantity: quantityField.default('1'),
  overrides: overridesField
    .optional()
    .meta({ description: 'Prices for this subscription alone, in place of those of the plan' }),
  trialDays: z.number().int().min(0).max(TRIAL_DAYS_MAX).optional().meta({
    description:
      'Days in which usage is counted and nothing is billed; periods are counted from their end. Those of the plan unless given',
  }),
  coupon: textField(100)
    .optional()
    .meta({ description: 'Id or key of one that counts from the first invoice on' }),
  addOns: z
    .array(z.strictObject(newAddOnFields))
    .max(ADD_ONS_MAX)
    .default([])
    .meta({ description: 'What it has beside its plan from the start' }),
})

const params = z.object({ subscriptionId: textField(100) })
const stepFailures = [failures.unknown, failures.stepImpossible, failures.changeScheduled]

/** Gives a coupon to a subscription that is being made. Throws `coupon.unknown` and `coupon.unavailable`. */
type AttachFromStart = (
  tx: Tx,
  envId: number,
  given: { readonly coupon: string; readonly subscription: Subscription },
  now: Date,
) => Promise<void>

/** Who has which coupon is known above subscriptions: `attachFromStart` comes from there. */
export function subscriptionsRoutes(deps: { readonly attachFromStart: AttachFromStart }): Route[] {
  return [
    createRoute(deps),
    listRoute(),
    readRoute(),
    ...changeRoutes(),
    ...subscriptionAddOnsRoutes(),
    ...spendThresholdRoutes(),
    cancelRoute(),
    stepRoute('suspend', 'Suspend a subscription; its usage is still billed', suspend),
    stepRoute('pause', 'Pause a subscription: usage is counted and not billed', pause),
    stepRoute('resume', 'Go on with a suspended or paused subscription', resume),
    stepRoute('end-trial', 'End the trial of a subscription now', endTrial),
  ]
}

function createRoute({ attachFromStart }: { readonly attachFromStart: AttachFromStart }): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions',
    tag: 'Subscriptions',
    summary: 'Put a customer on a plan',
    description:
      'Without `customerId` the root customer is: all usage that no nearer subscription has a price for is billed to it. A start in the past closes and invoices the periods that are over, in order.',
    scope: 'billing:write',
    body: newSubscription,
    replies: { 201: wholeReply },
    failures: [
      planFailures.unknown,
      planFailures.versionUnknown,
      planFailures.archived,
      ...overrideFailures,
      customerFailures.unknown,
      failures.meterTaken,
      failures.alreadyBilled,
      failures.startsInFuture,
      failures.startsTooFarBack,
      failures.endsBeforeStart,
      failures.timeZoneUnknown,
      couponFailures.unknown,
      couponFailures.unavailable,
      addOnFailures.unknown,
      addOnFailures.archived,
      failures.addOnCurrency,
    ],
    async handle({ tx, caller: { envId }, body, systemNow }) {
      const now = await environmentNow(tx, envId, systemNow)
      const subscription = await subscribe(
        tx,
        envId,
        {
          customer: body.customerId ?? null,
          plan: body.plan,
          planVersion: body.planVersion ?? null,
          startedAt: body.startedAt ?? null,
          anchorKind: body.anchor,
          timeZone: body.timeZone,
          cancelAt: body.cancelAt ?? null,
          quantity: decimal(body.quantity),
          overrides: body.overrides ?? null,
          trialDays: body.trialDays ?? null,
        },
        now,
      )
      const { id: subscriptionId, startedAt: from } = subscription
      if (body.coupon) await attachFromStart(tx, envId, { coupon: body.coupon, subscription }, now)
      for (const { addOn, quantity } of body.addOns) {
        const wanted = { subscriptionId, addOn, quantity: decimal(quantity), from }
        await attachAddOn(tx, envId, wanted, now)
      }
      return { status: 201, body: await wholeOf(tx, envId, subscription) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/subscriptions',
    tag: 'Subscriptions',
    summary: 'List subscriptions, the newest first',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      customerId: customerIdField.optional(),
      status: z.enum(STATUSES).optional(),
      parked: flagField
        .optional()
        .meta({ description: 'Whether billing was stopped and waits for somebody' }),
    }),
    replies: { 200: pageOf(subscriptionReply) },
    async handle({ tx, caller, query }) {
      const rows = await selectSubscriptions(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        customer: query.customerId ?? null,
        status: query.status ?? null,
        parked: query.parked ?? null,
      })
      const page = pageFrom(rows, query.limit, ({ createdAt, id }) => [createdAt.toISOString(), id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/subscriptions/:subscriptionId',
    tag: 'Subscriptions',
    summary: 'Read a subscription and its periods',
    scope: 'billing:read',
    params,
    replies: { 200: wholeReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params }) {
      const subscription = await getSubscription(tx, caller.envId, params.subscriptionId)
      return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
    },
  })
}

function cancelRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscriptionId/cancel',
    tag: 'Subscriptions',
    summary: 'Cancel a subscription',
    description:
      '`now` ends the period at this instant, and its base price and included units shrink to the part that was; a base price that was paid in advance stays paid. `period_end` lets it run out.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ when: z.enum(['now', 'period_end']) }),
    replies: { 200: wholeReply },
    failures: stepFailures,
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const cancel = body.when === 'now' ? cancelNow : cancelAtPeriodEnd
      const subscription = await cancel(tx, caller.envId, params.subscriptionId, now)
      return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
    },
  })
}

function stepRoute(
  step: 'suspend' | 'pause' | 'resume' | 'end-trial',
  summary: string,
  take: typeof suspend,
): Route {
  return route({
    method: 'POST',
    path: `/api/v1/subscriptions/:subscriptionId/${step}`,
    tag: 'Subscriptions',
    summary,
    scope: 'billing:write',
    params,
    replies: { 200: wholeReply },
    failures: stepFailures,
    async handle({ tx, caller, params, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const subscription = await take(tx, caller.envId, params.subscriptionId, now)
      return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
    },
  })
}
