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
import { boundAccount, type StripeDeps } from '../stripe/account.ts'
import { failures as stripeFailures } from '../stripe/failures.ts'
import {
  createInvoiceTrigger,
  createSubscriptionTrigger,
  createTrigger,
  findTrigger,
  setActive,
  type Times,
} from './change-trigger.ts'
import { failures } from './failures.ts'
import { type FoundMeter, lookUpMeter } from './look-up-meter.ts'
import { type FoundPrice, lookUpPrice } from './look-up-price.ts'
import type { StripeInvoiceState } from './stripe-invoice.ts'
import { countInvoiceStates } from './stripe-invoices.store.ts'
import { RECORD_STATES, type RecordState } from './sync-record.ts'
import { countStates } from './sync-records.store.ts'
import {
  COLLECTION_METHODS,
  type CollectionMethod,
  type InvoiceTrigger,
  type MeterTrigger,
  PRORATION_BEHAVIORS,
  type ProrationBehavior,
  TRIGGER_TYPES,
  type Trigger,
} from './trigger.ts'
import { selectTriggers } from './triggers.store.ts'

const tag = 'Stripe'
const params = z.object({ triggerId: textField(100) })

export const askFailures = [
  ...[stripeFailures.notConnected, stripeFailures.keyRefused],
  ...[stripeFailures.refused, stripeFailures.unreachable],
]

const OF_INVOICES_ONLY = ['paid', 'withdrawing', 'withdrawn'] as const

const triggerReply = z
  .object({
    id: z.string(),
    type: z.enum(TRIGGER_TYPES),
    meter: z.string().nullable().meta({
      description: 'Key of the meter whose usage is told; null for `stripe_invoice`',
    }),
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
    createInvoices: z.boolean().nullable().meta({ description: 'Of `stripe_invoice`' }),
    collectionMethod: z
      .enum(COLLECTION_METHODS)
      .nullable()
      .meta({ description: 'Of `stripe_invoice` that makes invoices' }),
    multiplier: z.string().nullable().meta({ description: 'Null for `stripe_invoice`' }),
    createCustomers: z.boolean(),
    usageFrom: instantText.nullable().meta({ description: 'Null for `stripe_invoice`' }),
    active: z.boolean(),
    records: z
      .object({
        ...Object.fromEntries(RECORD_STATES.map((state) => [state, z.number().int()])),
        ...Object.fromEntries(
          OF_INVOICES_ONLY.map((state) => [state, z.number().int().optional()]),
        ),
      })
      .meta({
        description:
          'How many are in which state: records, or of `stripe_invoice` invoices, which have three states more',
      }),
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
      'Of each customer and hour Stripe is sent what was counted, as events of one of its meters: that of `priceId`, or the one with the event name `eventName`, which goes before. That meter must add up raw events. What is corrected or comes late is sent as a difference.\n\nWith `stripe_subscription` the item of `priceId` in the live subscription of each linked customer gets as its quantity what the meter comes to in the current period of the item, times `multiplier`, rounded up to a whole unit; any meter can be told so. The price is recurring and licensed. When a period begins the quantity is that of the new one.\n\nWith `stripe_invoice` each invoice that is finalized from then on, and is not charged here, becomes invoice items of its customer at Stripe, which add up to what is due. They go on the next invoice that Stripe makes of the customer, or, with `createInvoices`, on one of their own. When it is paid there, the invoice is paid here.',
    scope: 'billing:write',
    body: z.strictObject({
      type: z.enum(TRIGGER_TYPES).default('stripe_usage'),
      meter: textField(100).optional().meta({
        description:
          'Id or key; for `stripe_usage` it counts or adds up. Not for `stripe_invoice`, which tells none',
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
        .optional()
        .meta({
          description:
            '1 if left out. What one unit of the meter is at Stripe, which takes whole numbers only. With 1000, the price there is for thousandths. A rest is kept until it is a whole unit; `stripe_subscription` rounds up',
          example: '1000',
        }),
      createCustomers: z.boolean().optional().meta({
        description:
          'Whether customers who are linked to none of Stripe are made there. Else their usage, or invoice, waits until they are linked. For `stripe_usage` and `stripe_invoice`',
      }),
      usageFrom: instantField.optional().meta({
        description:
          'The first hour that is told, at most 34 days ago; this hour if left out. For `stripe_usage`',
      }),
      prorationBehavior: z.enum(PRORATION_BEHAVIORS).optional().meta({
        description:
          'For `stripe_subscription`: what Stripe does about the part of the period that is over when the quantity changes. `none` if left out',
      }),
      createInvoices: z.boolean().optional().meta({
        description:
          'For `stripe_invoice`: whether Stripe makes an invoice of its own for each of ours; else the items wait for the next one of the customer',
      }),
      collectionMethod: z.enum(COLLECTION_METHODS).optional().meta({
        description:
          'For `createInvoices`: `charge_automatically`, if left out, charges what the customer pays with at Stripe; `send_invoice` has Stripe send it, due as ours is',
      }),
    }),
    replies: { 201: triggerReply },
    failures: [
      ...[meterFailures.unknown, failures.meterDoesNotAddUp, failures.meterNotNamed],
      ...[failures.priceUnknown, failures.priceNotMetered, failures.eventNameUnknown],
      ...[failures.meterNotASum, failures.eventNameTaken, failures.usageFromTooEarly],
      ...[failures.priceNotNamed, failures.priceWithoutQuantity, failures.priceTaken],
      ...[failures.fieldOfOtherType, failures.meterMissing, failures.invoicesTaken],
      ...[failures.collectionMethodAlone, ...askFailures],
    ],
    prepare: ({ caller, body }) => lookUp(deps, caller.envId, body),
    async handle({ tx, caller, body, prepared: found, now, systemNow }) {
      const trigger = await create(tx, caller.envId, { asked: body, found }, { now, systemNow })
      return { status: 201, body: await oneReply(tx, caller.envId, trigger) }
    },
  })
}

async function create(
  tx: Tx,
  envId: number,
  { asked, found }: { readonly asked: Asked; readonly found: Found },
  times: Times,
): Promise<Trigger> {
  const { createCustomers: makesCustomers = false } = asked
  if (found.type === 'stripe_invoice') {
    const { accountId, collectionMethod } = found
    const wanted = { accountId, collectionMethod, makesCustomers }
    return createInvoiceTrigger(tx, envId, wanted, times)
  }
  const common = { meter: asked.meter ?? '', multiplier: decimal(asked.multiplier ?? '1') }
  if (found.type === 'stripe_subscription') {
    const { accountId, priceRef } = found
    const wanted = { ...common, prorationBehavior: asked.prorationBehavior ?? 'none' }
    const place = { accountId, priceRef }
    return createSubscriptionTrigger(tx, envId, { wanted, found: place }, times)
  }
  const { priceId = null, usageFrom = null } = asked
  const wanted = { ...common, priceId, makesCustomers, usageFrom }
  return createTrigger(tx, envId, { wanted, found }, times)
}

type Asked = {
  readonly type: Trigger['type']
  readonly meter?: string | undefined
  readonly multiplier?: string | undefined
  readonly priceId?: string | undefined
  readonly eventName?: string | undefined
  readonly createCustomers?: boolean | undefined
  readonly usageFrom?: Date | undefined
  readonly prorationBehavior?: ProrationBehavior | undefined
  readonly createInvoices?: boolean | undefined
  readonly collectionMethod?: CollectionMethod | undefined
}

const OF_INVOICES = ['createInvoices', 'collectionMethod'] as const
const FIELDS_OF_OTHERS = {
  stripe_usage: ['prorationBehavior', ...OF_INVOICES],
  stripe_subscription: ['eventName', 'createCustomers', 'usageFrom', ...OF_INVOICES],
  stripe_invoice: [
    ...(['meter', 'multiplier', 'priceId', 'eventName', 'usageFrom', 'prorationBehavior'] as const),
  ],
} as const

/** What Stripe says of it, by which it can be made. */
type Found =
  | ({ readonly type: 'stripe_usage' } & FoundMeter)
  | ({ readonly type: 'stripe_subscription' } & FoundPrice)
  | {
      readonly type: 'stripe_invoice'
      readonly accountId: string
      readonly collectionMethod: CollectionMethod | null
    }

async function lookUp(deps: StripeDeps, envId: number, asked: Asked): Promise<Found> {
  const { type, priceId = null, eventName = null } = asked
  const other = FIELDS_OF_OTHERS[type].find((field) => asked[field] !== undefined)
  if (other) throw failures.fieldOfOtherType(other, type)
  if (type === 'stripe_invoice') return lookUpBilling(deps, envId, asked)
  if (asked.meter === undefined) throw failures.meterMissing(type)
  return type === 'stripe_usage'
    ? { type, ...(await lookUpMeter(deps, envId, { priceId, eventName })) }
    : { type, ...(await lookUpPrice(deps, envId, priceId)) }
}

async function lookUpBilling(
  deps: StripeDeps,
  envId: number,
  { createInvoices = false, collectionMethod }: Asked,
): Promise<Found> {
  if (!createInvoices && collectionMethod !== undefined) throw failures.collectionMethodAlone()
  const { id: accountId } = await boundAccount(deps, envId)
  const method = createInvoices ? (collectionMethod ?? 'charge_automatically') : null
  return { type: 'stripe_invoice', accountId, collectionMethod: method }
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
      'One that is started again catches up with what was counted meanwhile, as far back as Stripe takes it: 35 days. One of `stripe_invoice` does not: when it is stopped, invoices that Stripe never heard of are taken back, and are yours to collect.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ active: z.boolean() }),
    replies: { 200: triggerReply },
    failures: [
      ...[failures.triggerUnknown, failures.eventNameTaken, failures.priceTaken],
      failures.invoicesTaken,
    ],
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
  const billed = await countInvoiceStates(tx, envId, ids)
  const meterIds = triggers.flatMap((one) => (one.type === 'stripe_invoice' ? [] : [one.meterId]))
  const meters = await metersById(tx, envId, meterIds)
  return triggers.map((trigger) => {
    const { id, type, accountId, makesCustomers: createCustomers, isActive: active } = trigger
    const records =
      type === 'stripe_invoice' ? statesOfInvoices(billed.get(id)) : statesOf(counts.get(id))
    return {
      ...{ id, type, accountId, createCustomers, active, records },
      ...(type === 'stripe_invoice' ? ofInvoices(trigger) : ofMeter(trigger, meters)),
      createdAt: trigger.createdAt.toISOString(),
    }
  })
}

const NO_METER = {
  ...{ meter: null, priceId: null, stripeMeterId: null, eventName: null },
  ...{ prorationBehavior: null, multiplier: null, usageFrom: null },
}

function ofInvoices({ collectionMethod }: InvoiceTrigger) {
  return { ...NO_METER, createInvoices: collectionMethod !== null, collectionMethod }
}

function ofMeter(trigger: MeterTrigger, meters: ReadonlyMap<string, { readonly key: string }>) {
  const { type, meterId, priceRef: priceId, multiplier, usageFrom } = trigger
  const stripeMeter = type === 'stripe_usage' ? trigger.stripeMeter : null
  return {
    ...{ meter: meters.get(meterId)?.key ?? '', priceId },
    ...{ stripeMeterId: stripeMeter?.ref ?? null, eventName: stripeMeter?.eventName ?? null },
    prorationBehavior: type === 'stripe_usage' ? null : trigger.prorationBehavior,
    multiplier: formatDecimal(multiplier),
    usageFrom: usageFrom.toISOString(),
    ...{ createInvoices: null, collectionMethod: null },
  }
}

function statesOf(counts: ReadonlyMap<RecordState, number> | undefined) {
  return Object.fromEntries(RECORD_STATES.map((state) => [state, counts?.get(state) ?? 0]))
}

function statesOfInvoices(counts: ReadonlyMap<StripeInvoiceState, number> | undefined) {
  const all = [...RECORD_STATES, ...OF_INVOICES_ONLY]
  const count = (state: string) => counts?.get(state as StripeInvoiceState) ?? 0 // none is carried
  return Object.fromEntries(all.map((state) => [state, count(state)]))
}
