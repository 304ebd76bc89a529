import { ANCHOR_KINDS, CYCLES } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import {
  customerIdField,
  instantField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { BillingPeriod } from './billing-period.ts'
import { selectNewestPeriods } from './billing-periods.store.ts'
import {
  cancelAtPeriodEnd,
  cancelNow,
  getSubscription,
  resume,
  suspend,
} from './change-subscription.ts'
import { failures } from './failures.ts'
import { subscribe } from './subscribe.ts'
import type { Subscription } from './subscription.ts'
import { selectSubscriptions } from './subscriptions.store.ts'

const STATUSES = ['active', 'suspended', 'canceled'] as const
const PERIODS_SHOWN_MAX = 100

const periodReply = z.object({
  periodNo: z.number(),
  start: instantText,
  end: instantText,
  state: z.enum(['open', 'closed', 'invoiced']),
})

const subscriptionFields = {
  id: z.string(),
  customerId: z.string(),
  plan: z.string(),
  planId: z.string(),
  planVersion: z.number(),
  cycle: z.enum(CYCLES),
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
  createdAt: instantText,
}

const subscriptionReply = z.object(subscriptionFields).meta({ id: 'Subscription' })

const wholeReply = z
  .object({
    ...subscriptionFields,
    periods: z.array(periodReply).meta({ description: 'The newest first, at most 100' }),
  })
  .meta({ id: 'SubscriptionWithPeriods' })

const params = z.object({ subscriptionId: textField(100) })
const stepFailures = [failures.unknown, failures.stepImpossible]

export function subscriptionsRoutes(): Route[] {
  return [
    createRoute(),
    listRoute(),
    readRoute(),
    cancelRoute(),
    stepRoute('suspend', 'Suspend a subscription; its usage is still billed', suspend),
    stepRoute('resume', 'End the suspension of a subscription', resume),
  ]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions',
    tag: 'Subscriptions',
    summary: 'Put a customer on a plan',
    description:
      'Without `customerId` the root customer is: all usage that no nearer subscription has a price for is billed to it. A start in the past closes and invoices the periods that are over, in order.',
    scope: 'billing:write',
    body: z.strictObject({
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
    }),
    replies: { 201: wholeReply },
    failures: [
      planFailures.unknown,
      planFailures.versionUnknown,
      planFailures.archived,
      customerFailures.unknown,
      failures.meterTaken,
      failures.alreadyBilled,
      failures.startsInFuture,
      failures.startsTooFarBack,
      failures.endsBeforeStart,
      failures.timeZoneUnknown,
    ],
    async handle({ tx, caller, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const subscription = await subscribe(
        tx,
        caller.envId,
        {
          customer: body.customerId ?? null,
          plan: body.plan,
          planVersion: body.planVersion ?? null,
          startedAt: body.startedAt ?? null,
          anchorKind: body.anchor,
          timeZone: body.timeZone,
          cancelAt: body.cancelAt ?? null,
        },
        now,
      )
      return { status: 201, body: await wholeOf(tx, caller.envId, subscription) }
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
    }),
    replies: { 200: pageOf(subscriptionReply) },
    async handle({ tx, caller, query }) {
      const rows = await selectSubscriptions(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        customer: query.customerId ?? null,
        status: query.status ?? null,
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

function stepRoute(step: 'suspend' | 'resume', summary: string, take: typeof suspend): Route {
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

async function wholeOf(tx: Tx, envId: number, subscription: Subscription) {
  const periods = await selectNewestPeriods(tx, envId, subscription.id, PERIODS_SHOWN_MAX)
  return { ...toReply(subscription), periods: periods.map(periodToReply) }
}

function toReply(subscription: Subscription) {
  const { plan, anchor } = subscription
  return {
    id: subscription.id,
    customerId: subscription.customer,
    plan: plan.key,
    planId: plan.id,
    planVersion: plan.version,
    cycle: plan.cycle,
    status: subscription.status,
    anchor: anchor.kind,
    anchorLocal: anchor.local,
    timeZone: anchor.timeZone,
    startedAt: subscription.startedAt.toISOString(),
    cancelAt: subscription.cancelAt?.toISOString() ?? null,
    endedAt: subscription.endedAt?.toISOString() ?? null,
    parkedReason: subscription.parkedReason,
    createdAt: subscription.createdAt.toISOString(),
  }
}

function periodToReply({ no, start, end, state }: BillingPeriod) {
  return { periodNo: no, start: start.toISOString(), end: end.toISOString(), state }
}
