import { decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { metersById } from '../catalog/find-meter.ts'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import {
  decimalField,
  instantField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { StripeDeps } from '../stripe/account.ts'
import { failures as stripeFailures } from '../stripe/failures.ts'
import {
  createSubscriptionTrigger,
  createTrigger,
  findTrigger,
  setActive,
} from './change-trigger.ts'
import { failures } from './failures.ts'
import { lookUpMeter } from './look-up-meter.ts'
import { lookUpPrice } from './look-up-price.ts'
import { RECORD_STATES } from './sync-record.ts'
import { countStates } from './sync-records.store.ts'
import { PRORATION_BEHAVIORS, TRIGGER_TYPES, type Trigger } from './trigger.ts'
import { selectTriggers } from './triggers.store.ts'

const tag = 'Stripe'
const params = z.object({ triggerId: textField(100) })

export const askFailures = [
  ...[stripeFailures.notConnected, stripeFailures.keyRefused],
  ...[stripeFailures.refused, stripeFailures.unreachable],
]

const triggerReply = z
  .object({
    id: z.string(),
    type: z.enum(TRIGGER_TYPES),
    meter: z.string().meta({ description: 'Key of the meter whose usage is told' }),
    accountId: z
      .string()
      .meta({ description: 'Of Stripe; nothing is told while another one is connected' }),
    priceId: z.string().nullable(),
    stripeMeterId: z.string().nullable().meta({ description: 'Of `stripe_usage`' }),
    eventName: z.string().nullable().meta({ description: 'Of `stripe_usage`' }),
    prorationBehavior: z
      .enum(PRORATION_BEHAVIORS)
      .nullable()
      .meta({ description: 'Of `stripe_subscription`' }),
    multiplier: z.string(),
    createCustomers: z.boolean(),
    usageFrom: instantText,
    active: z.boolean(),
    records: z
      .object(Object.fromEntries(RECORD_STATES.map((state) => [state, z.number().int()])))
      .meta({ description: 'How many are in which state' }),
    createdAt: instantText,
  })
  .meta({ id: 'StripeTrigger' })

/** What of usage is told to Stripe. */
export function triggersRoutes(deps: StripeDeps): Route[] {
  return [createRoute(deps), listRoute(), readRoute(), changeRoute()]
}

function createRoute(deps: StripeDeps): Route {
  return route({
    method: 'POST',
    path: '/api/v1/stripe/triggers',
    tag,
    summary: 'Have the usage of a meter told to Stripe',
    description:
      'Of each customer and hour Stripe is sent what was counted, as events of one of its meters: that of `priceId`, or the one with the event name `eventName`, which goes before. That meter must add up raw events. What is corrected or comes late is sent as a difference.\n\nWith `stripe_subscription` the item of `priceId` in the live subscription of each linked customer gets as its quantity what the meter comes to in the current period of the item, times `multiplier`, rounded up to a whole unit; any meter can be told so. The price is recurring and licensed. When a period begins the quantity is that of the new one.',
    scope: 'billing:write',
    body: z.strictObject({
      type: z.enum(TRIGGER_TYPES).default('stripe_usage'),
      meter: textField(100).meta({
        description: 'Id or key; for `stripe_usage` it counts or adds up',
      }),
      priceId: z
        .string()
        .regex(/^(price|plan)_\w{1,250}$/, 'begins with price_')
        .optional()
        .meta({
          description:
            'A usage-based price of Stripe; for `stripe_subscription`, a recurring one that is not',
          example: 'price_1MowQULkdIwHu7ixraBm864M',
        }),
      eventName: textField(100).optional().meta({
        description: 'Event name of a meter of Stripe, where it is not that of the price',
      }),
      multiplier: decimalField
        .refine((text) => text !== '0', 'send a decimal above 0')
        .default('1')
        .meta({
          description:
            'What one unit of the meter is at Stripe, which takes whole numbers only. With 1000, the price there is for thousandths. A rest is kept until it is a whole unit; `stripe_subscription` rounds up',
          example: '1000',
        }),
      createCustomers: z.boolean().optional().meta({
        description:
          'Whether customers who are linked to none of Stripe are made there. Else their usage waits until they are linked. For `stripe_usage`',
      }),
      usageFrom: instantField.optional().meta({
        description:
          'The first hour that is told, at most 34 days ago; this hour if left out. For `stripe_usage`',
      }),
      prorationBehavior: z.enum(PRORATION_BEHAVIORS).optional().meta({
        description:
          'For `stripe_subscription`: what Stripe does about the part of the period that is over when the quantity changes. `none` if left out',
      }),
    }),
    replies: { 201: triggerReply },
    failures: [
      ...[meterFailures.unknown, failures.meterDoesNotAddUp, failures.meterNotNamed],
      ...[failures.priceUnknown, failures.priceNotMetered, failures.eventNameUnknown],
      ...[failures.meterNotASum, failures.eventNameTaken, failures.usageFromTooEarly],
      ...[failures.priceNotNamed, failures.priceWithoutQuantity, failures.priceTaken],
      ...[failures.fieldOfOtherType, ...askFailures],
    ],
    prepare: ({ caller, body }) => lookUp(deps, caller.envId, body),
    async handle({ tx, caller, body, prepared: found, now, systemNow }) {
      const { envId } = caller
      const times = { now, systemNow }
      const common = { meter: body.meter, multiplier: decimal(body.multiplier) }
      const create = () => {
        if ('priceRef' in found) {
          const { prorationBehavior = 'none' } = body
          const wanted = { ...common, prorationBehavior }
          return createSubscriptionTrigger(tx, envId, { wanted, found }, times)
        }
        const { priceId = null, createCustomers: makesCustomers = false, usageFrom = null } = body
        const wanted = { ...common, priceId, makesCustomers, usageFrom }
        return createTrigger(tx, envId, { wanted, found }, times)
      }
      const trigger = await create()
      return { status: 201, body: await oneReply(tx, caller.envId, trigger) }
    },
  })
}

type Asked = {
  readonly type: Trigger['type']
  readonly priceId?: string | undefined
  readonly eventName?: string | undefined
  readonly createCustomers?: boolean | undefined
  readonly usageFrom?: Date | undefined
  readonly prorationBehavior?: string | undefined
}

const FIELDS_OF_OTHERS = {
  stripe_usage: ['prorationBehavior'],
  stripe_subscription: ['eventName', 'createCustomers', 'usageFrom'],
} as const

async function lookUp(deps: StripeDeps, envId: number, asked: Asked) {
  const { type, priceId = null, eventName = null } = asked
  const other = FIELDS_OF_OTHERS[type].find((field) => asked[field] !== undefined)
  if (other) throw failures.fieldOfOtherType(other, type)
  return type === 'stripe_usage'
    ? lookUpMeter(deps, envId, { priceId, eventName })
    : lookUpPrice(deps, envId, priceId)
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/triggers',
    tag,
    summary: 'List what usage is told to Stripe, the newest first',
    scope: 'billing:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(triggerReply) },
    async handle({ tx, caller, query }) {
      const before = query.cursor ? decodeTimeCursor(query.cursor) : null
      const rows = await selectTriggers(tx, caller.envId, { limit: query.limit + 1, before })
      const page = pageFrom(rows, query.limit, ({ createdAt, id }) => [createdAt.toISOString(), id])
      return { status: 200, body: { ...page, data: await toReplies(tx, caller.envId, page.data) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/triggers/:triggerId',
    tag,
    summary: 'Read what usage is told to Stripe, and how far',
    scope: 'billing:read',
    params,
    replies: { 200: triggerReply },
    failures: [failures.triggerUnknown],
    async handle({ tx, caller, params: { triggerId } }) {
      const trigger = await findTrigger(tx, caller.envId, triggerId)
      return { status: 200, body: await oneReply(tx, caller.envId, trigger) }
    },
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/stripe/triggers/:triggerId',
    tag,
    summary: 'Stop telling usage to Stripe, or start again',
    description:
      'One that is started again catches up with what was counted meanwhile, as far back as Stripe takes it: 35 days.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ active: z.boolean() }),
    replies: { 200: triggerReply },
    failures: [failures.triggerUnknown, failures.eventNameTaken, failures.priceTaken],
    async handle({ tx, caller, params: { triggerId: id }, body: { active: isActive }, now }) {
      const trigger = await setActive(tx, caller.envId, { id, isActive }, now)
      return { status: 200, body: await oneReply(tx, caller.envId, trigger) }
    },
  })
}

type TriggerReply = z.input<typeof triggerReply>

async function oneReply(tx: Tx, envId: number, trigger: Trigger): Promise<TriggerReply> {
  const [reply] = await toReplies(tx, envId, [trigger])
  if (!reply) throw new Error('a trigger has a reply')
  return reply
}

async function toReplies(
  tx: Tx,
  envId: number,
  triggers: readonly Trigger[],
): Promise<TriggerReply[]> {
  const ids = triggers.map(({ id }) => id)
  const counts = await countStates(tx, envId, ids)
  const meterIds = triggers.map(({ meterId }) => meterId)
  const meters = await metersById(tx, envId, meterIds)
  return triggers.map((trigger) => {
    const { id, type, accountId, priceRef: priceId } = trigger
    const stripeMeter = type === 'stripe_usage' ? trigger.stripeMeter : null
    const prorationBehavior = type === 'stripe_usage' ? null : trigger.prorationBehavior
    const own = counts.get(id)
    return {
      ...{ id, type, accountId, priceId, meter: meters.get(trigger.meterId)?.key ?? '' },
      ...{ stripeMeterId: stripeMeter?.ref ?? null, eventName: stripeMeter?.eventName ?? null },
      prorationBehavior,
      multiplier: formatDecimal(trigger.multiplier),
      createCustomers: trigger.makesCustomers,
      usageFrom: trigger.usageFrom.toISOString(),
      active: trigger.isActive,
      records: Object.fromEntries(RECORD_STATES.map((state) => [state, own?.get(state) ?? 0])),
      createdAt: trigger.createdAt.toISOString(),
    }
  })
}
