import { z } from 'zod'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { Attempt, Delivery } from './delivery.ts'
import { failures } from './failures.ts'
import { getDelivery, replayDelivery } from './replay-delivery.ts'
import { selectAttempts, selectDeliveries } from './webhook-deliveries.store.ts'

const stateField = z.enum(['pending', 'delivered', 'failed'])

const deliveryFields = {
  id: z.string().meta({ example: 'whd_01h455vb4pex5vsknk084sn02q' }),
  endpointId: z.string(),
  factId: z.string().meta({ description: 'Sent as `webhook-id`' }),
  type: z.string(),
  state: stateField,
  attempts: z.number().int().meta({ description: 'Since it was made or last replayed' }),
  nextAttemptAt: instantText.nullable(),
  createdAt: instantText,
  endedAt: instantText.nullable(),
}
const deliveryReply = z.object(deliveryFields).meta({ id: 'WebhookDelivery' })

const attemptReply = z
  .object({
    at: instantText,
    durationMs: z.number().int(),
    status: z.number().int().nullable().meta({ description: 'null: no answer came' }),
    error: z.string().nullable().meta({
      description:
        'Why no answer came: unreachable, timeout, tls_failed, connection_lost, malformed',
    }),
    response: z.string().nullable().meta({ description: 'The first KiB of the answer' }),
  })
  .meta({ id: 'WebhookAttempt' })

const idField = textField(100)
const params = z.object({ deliveryId: idField })

export function deliveriesRoutes(): Route[] {
  return [listRoute(), readRoute(), replayRoute()]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/webhook-deliveries',
    tag: 'Webhooks',
    summary: 'List deliveries, latest first',
    description: 'All of them, or those to one endpoint, of one fact, in one state.',
    scope: 'webhooks:read',
    query: z.strictObject({
      ...pageQuery,
      endpointId: idField.optional(),
      factId: idField.optional(),
      state: stateField.optional(),
    }),
    replies: { 200: pageOf(deliveryReply) },
    async handle({ tx, caller, query }) {
      const { limit, cursor, ...filter } = query
      const before = cursor ? (decodeCursor(cursor, 1)[0] ?? null) : null
      const rows = await selectDeliveries(tx, caller.envId, { ...filter, before, limit: limit + 1 })
      const page = pageFrom(rows, limit, ({ id }) => [id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/webhook-deliveries/:deliveryId',
    tag: 'Webhooks',
    summary: 'Read a delivery with all its attempts',
    scope: 'webhooks:read',
    params,
    replies: { 200: z.object({ ...deliveryFields, log: z.array(attemptReply) }) },
    failures: [failures.deliveryUnknown],
    async handle({ tx, caller, params }) {
      const delivery = await getDelivery(tx, caller.envId, params.deliveryId)
      const attempts = await selectAttempts(tx, caller.envId, delivery.id)
      return { status: 200, body: { ...toReply(delivery), log: attempts.map(toLogEntry) } }
    },
  })
}

function replayRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/webhook-deliveries/:deliveryId/replay',
    tag: 'Webhooks',
    summary: 'Send a delivery again',
    description:
      'Begins a new series of attempts with the same `webhook-id`, whatever became of the last one.',
    scope: 'webhooks:write',
    params,
    replies: { 202: deliveryReply },
    failures: [failures.deliveryUnknown, failures.endpointUnknown, failures.endpointDisabled],
    async handle({ tx, caller, params, now }) {
      const delivery = await replayDelivery(tx, caller.envId, params.deliveryId, now)
      return { status: 202, body: toReply(delivery) }
    },
  })
}

function toReply(delivery: Delivery) {
  return {
    id: delivery.id,
    endpointId: delivery.endpointId,
    factId: delivery.factId,
    type: delivery.type,
    state: delivery.state,
    attempts: delivery.attempts,
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    createdAt: delivery.createdAt.toISOString(),
    endedAt: delivery.endedAt?.toISOString() ?? null,
  }
}

function toLogEntry(attempt: Attempt) {
  return { ...attempt, at: attempt.at.toISOString() }
}
