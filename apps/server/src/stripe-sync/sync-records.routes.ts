import { formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import {
  customerIdField,
  instantField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeCursor, decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { StripeDeps } from '../stripe/account.ts'
import { findRecord, retryRecord, retryRefused } from './change-trigger.ts'
import { failures } from './failures.ts'
import { type Reconciled, reconcile } from './reconcile.ts'
import { adviceOf, RECORD_STATES, type SyncRecord } from './sync-record.ts'
import { selectRecords } from './sync-records.store.ts'
import { askFailures } from './triggers.routes.ts'

const tag = 'Stripe'
const ofTrigger = z.object({ triggerId: textField(100) })
const ofRecord = z.object({ recordId: textField(100) })

const recordReply = z
  .object({
    id: z.string(),
    triggerId: z.string(),
    customerId: z.string(),
    hour: instantText.meta({
      description:
        'The hour of the usage; the time of the event at Stripe. Of `stripe_subscription`, when the period of the item began there',
    }),
    quantity: z
      .string()
      .meta({ description: 'In units of the meter; negative where usage was taken back' }),
    value: z.string().meta({
      description:
        'What Stripe is sent: a whole number. Of `stripe_subscription`, the quantity that is set: `quantity` times the multiplier, rounded up to a whole unit',
    }),
    state: z.enum(RECORD_STATES).meta({
      description:
        '`waiting`: to be sent. `sending`: sent, and the answer is not known. `sent`: Stripe has it. `refused`: Stripe does not take it. `carried`: no whole unit yet, goes along with later usage',
    }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why it waits or was refused: a word of ours, or the code of Stripe' }),
    reasonText: z.string().nullable().meta({ description: 'What Stripe said' }),
    whatToDo: z.string().nullable(),
    identifier: z.string().meta({
      description: 'Of the event at Stripe, or what the idempotency keys of the calls begin with',
    }),
    stripeCustomerId: z.string().nullable(),
    subscriptionItemId: z
      .string()
      .nullable()
      .meta({ description: 'Whose quantity is set, of `stripe_subscription`' }),
    attempts: z.number().int(),
    createdAt: instantText,
    sentAt: instantText.nullable(),
  })
  .meta({ id: 'StripeSyncRecord' })

/** What was told to Stripe, piece by piece. */
export function syncRecordsRoutes(deps: StripeDeps): Route[] {
  return [listRoute(), readRoute(), retryRoute(), retryAllRoute(), reconcileRoute(deps)]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/sync-records',
    tag,
    summary: 'List what was sent to Stripe, what waits, and what was refused, the newest first',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      triggerId: textField(100).optional(),
      customerId: customerIdField.optional(),
      state: z.enum(RECORD_STATES).optional(),
    }),
    replies: { 200: pageOf(recordReply) },
    async handle({ tx, caller, query }) {
      const { triggerId = null, customerId: customer = null, state = null } = query
      const before = query.cursor ? decodeTimeCursor(query.cursor) : null
      const filter = { triggerId, customer, state }
      const asked = { limit: query.limit + 1, before }
      const rows = await selectRecords(tx, caller.envId, filter, asked)
      const page = pageFrom(rows, query.limit, ({ createdAt, id }) => [createdAt.toISOString(), id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/sync-records/:recordId',
    tag,
    summary: 'Read what was sent to Stripe, or why it was not',
    scope: 'billing:read',
    params: ofRecord,
    replies: { 200: recordReply },
    failures: [failures.recordUnknown],
    handle: async ({ tx, caller, params: { recordId } }) => ({
      status: 200,
      body: toReply(await findRecord(tx, caller.envId, recordId)),
    }),
  })
}

function retryRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/stripe/sync-records/:recordId/retry',
    tag,
    summary: 'Send again what Stripe has refused',
    scope: 'billing:write',
    params: ofRecord,
    replies: { 200: recordReply },
    failures: [failures.recordUnknown, failures.notRefused],
    async handle({ tx, caller, params: { recordId }, now, systemNow }) {
      const record = await retryRecord(tx, caller.envId, recordId, { now, systemNow })
      return { status: 200, body: toReply(record) }
    },
  })
}

function retryAllRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/stripe/triggers/:triggerId/retry',
    tag,
    summary: 'Send again all that Stripe has refused of a trigger',
    description:
      'At most 1,000 records at once, the oldest first. Of `stripe_subscription`, items that were missing are looked for again.',
    scope: 'billing:write',
    params: ofTrigger,
    body: z.strictObject({ customerId: customerIdField.optional() }),
    replies: { 200: z.object({ retried: z.number().int() }) },
    failures: [failures.triggerUnknown],
    async handle({ tx, caller, params: { triggerId }, body, now, systemNow }) {
      const asked = { triggerId, customer: body.customerId ?? null }
      const retried = await retryRefused(tx, caller.envId, asked, { now, systemNow })
      return { status: 200, body: { retried } }
    },
  })
}

const CUSTOMERS_MAX = 25 // each is a call of Stripe

const reconciledReply = z
  .object({
    customerId: z.string(),
    quantity: z.string().meta({ description: 'What was counted, in units of the meter' }),
    sent: z.string(),
    sending: z.string().meta({ description: 'Stripe may have it or not' }),
    waiting: z.string(),
    refused: z.string(),
    atStripe: z.string().nullable().meta({ description: 'Null: linked to no customer of Stripe' }),
    difference: z.string().nullable().meta({ description: '`atStripe` − `sent`' }),
  })
  .meta({ id: 'StripeReconciliation' })

function reconcileRoute(deps: StripeDeps): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/triggers/:triggerId/reconciliation',
    tag,
    summary: 'Compare what was sent of customers with what Stripe has summed up',
    description: `Of whole hours: \`from\` and \`to\` are taken down to theirs. Up to ${CUSTOMERS_MAX} customers, by name. Stripe sums up a moment later, so usage of the last minutes may make a difference.`,
    scope: 'billing:read',
    params: ofTrigger,
    query: z.strictObject({
      from: instantField,
      to: instantField,
      customerId: customerIdField.optional(),
      cursor: pageQuery.cursor,
    }),
    replies: {
      200: z.object({
        from: instantText,
        to: instantText,
        ...pageOf(reconciledReply).shape,
      }),
    },
    failures: [
      failures.triggerUnknown,
      failures.notReconcilable,
      failures.spanEmpty,
      ...askFailures,
    ],
    prepare: ({ caller, params: { triggerId }, query }) =>
      reconcile(deps, caller.envId, {
        ...{ triggerId, from: query.from, to: query.to, customer: query.customerId ?? null },
        after: query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null,
        limit: CUSTOMERS_MAX + 1,
      }),
    async handle({ prepared: { span, rows } }) {
      const page = pageFrom(rows, CUSTOMERS_MAX, ({ customer }) => [customer])
      const body = { ...page, data: page.data.map(toReconciled) }
      const { from, to } = span
      return { status: 200, body: { from: from.toISOString(), to: to.toISOString(), ...body } }
    },
  })
}

function toReconciled(row: Reconciled): z.input<typeof reconciledReply> {
  const { customer: customerId, counted, values, atStripe } = row
  const sent = values.get('sent') ?? 0n
  return {
    ...{ customerId, quantity: formatDecimal(counted), sent: String(sent) },
    sending: String(values.get('sending') ?? 0n),
    waiting: String(values.get('waiting') ?? 0n),
    refused: String(values.get('refused') ?? 0n),
    atStripe: atStripe === null ? null : String(atStripe),
    difference: atStripe === null ? null : String(atStripe - sent),
  }
}

function toReply(record: SyncRecord): z.input<typeof recordReply> {
  const { id, triggerId, customer: customerId, state, reason, reasonText, identifier } = record
  return {
    ...{ id, triggerId, customerId, state, reason, reasonText, identifier },
    hour: record.at.toISOString(),
    quantity: formatDecimal(record.counted),
    value: String(record.value),
    whatToDo: adviceOf(record),
    stripeCustomerId: record.customerRef,
    subscriptionItemId: record.itemRef,
    attempts: record.attempts,
    createdAt: record.createdAt.toISOString(),
    sentAt: record.sentAt?.toISOString() ?? null,
  }
}
