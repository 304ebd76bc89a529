import { z } from 'zod'
import type { Egress } from '../platform/egress/egress.ts'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import type { Endpoint } from './endpoint.ts'
import { rotateSecret } from './endpoint-secrets.ts'
import { FACT_TYPES } from './fact-types.ts'
import { failures } from './failures.ts'
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  getEndpointToChange,
} from './manage-endpoints.ts'
import { sendTest } from './send-test.ts'
import { selectEndpoints } from './webhook-endpoints.store.ts'
import { judgeUrl, type UrlVerdict } from './webhook-url.ts'

const EVENT_TYPES_MAX = 50
const OLD_VALID_HOURS = 24
const OLD_VALID_HOURS_MAX = 7 * 24

const endpointFields = {
  id: z.string().meta({ example: 'we_01h455vb4pex5vsknk084sn02q' }),
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(z.string()).meta({ description: 'Empty: facts of all types' }),
  status: z.enum(['enabled', 'disabled']),
  disabledReason: z.enum(['manual', 'gone', 'failing']).nullable().meta({
    description: '`gone`: it answered 410; `failing`: it failed for five days',
  }),
  failingSince: instantText.nullable(),
  createdAt: instantText,
}
const endpointReply = z.object(endpointFields).meta({ id: 'WebhookEndpoint' })

const secretText = z.string().meta({
  description: 'Verifies the signatures of Standard Webhooks. Shown here and never again',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
})

const urlField = z.string().min(1).max(2_048).meta({
  description: 'https only, unless the operator of this server allows its own networks',
  example: 'https://example.com/webhooks/usageflow',
})
const descriptionField = textField(500, 0)
const eventTypesField = z
  .array(textField(100))
  .max(EVENT_TYPES_MAX)
  .transform((types) => [...new Set(types)])
  .meta({
    description: `Which facts are sent; empty or left out: all. \`invoice.*\` covers all of an invoice. There are: ${Object.keys(FACT_TYPES).join(', ')}`,
    example: ['invoice.*'],
  })

const params = z.object({ endpointId: z.string().min(1).max(100) })

const urlFailures = [
  failures.urlMalformed,
  failures.urlNotHttps,
  failures.urlHasUser,
  failures.urlPort,
  failures.urlUnreachable,
]

type Deps = { readonly egress: Egress; readonly sealer: Sealer }

export function endpointsRoutes(deps: Deps): Route[] {
  return [
    createRoute(deps),
    listRoute(),
    readRoute(),
    changeRoute(deps),
    deleteRoute(),
    rotateRoute(deps),
    testRoute(),
  ]
}

function createRoute({ egress, sealer }: Deps): Route {
  return route({
    method: 'POST',
    path: '/api/v1/webhook-endpoints',
    tag: 'Webhooks',
    summary: 'Have facts sent to a URL',
    scope: 'webhooks:write',
    body: z.strictObject({
      url: urlField,
      eventTypes: eventTypesField.default([]),
      description: descriptionField.default(''),
    }),
    replies: { 201: z.object({ ...endpointFields, secret: secretText }) },
    failures: [...urlFailures, failures.eventTypesUnknown, failures.endpointsTooMany],
    prepare: ({ body }) => judgeUrl(egress, body.url),
    async handle({ tx, caller, body, prepared, now }) {
      const wanted = { ...body, url: accepted(prepared) }
      const made = await createEndpoint(tx, caller.envId, wanted, { sealer, now })
      return { status: 201, body: { ...toReply(made.endpoint), secret: made.secret } }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/webhook-endpoints',
    tag: 'Webhooks',
    summary: 'List webhook endpoints',
    scope: 'webhooks:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(endpointReply) },
    async handle({ tx, caller, query }) {
      const before = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectEndpoints(tx, caller.envId, { limit: query.limit + 1, before })
      const page = pageFrom(rows, query.limit, ({ id }) => [id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/webhook-endpoints/:endpointId',
    tag: 'Webhooks',
    summary: 'Read a webhook endpoint',
    scope: 'webhooks:read',
    params,
    replies: { 200: endpointReply },
    failures: [failures.endpointUnknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getEndpoint(tx, caller.envId, params.endpointId)),
    }),
  })
}

function changeRoute({ egress }: Deps): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/webhook-endpoints/:endpointId',
    tag: 'Webhooks',
    summary: 'Change, disable or enable a webhook endpoint',
    description:
      'Disabling ends all pending deliveries; they can be replayed. Facts that happen meanwhile are not sent afterwards.',
    scope: 'webhooks:write',
    params,
    body: z.strictObject({
      url: urlField.optional(),
      eventTypes: eventTypesField.optional(),
      description: descriptionField.optional(),
      status: z.enum(['enabled', 'disabled']).optional(),
    }),
    replies: { 200: endpointReply },
    failures: [...urlFailures, failures.eventTypesUnknown, failures.endpointUnknown],
    prepare: async ({ body }) => (body.url === undefined ? null : judgeUrl(egress, body.url)),
    async handle({ tx, caller, params, body, prepared, now }) {
      const url = prepared ? accepted(prepared) : undefined
      const change = { ...body, url, id: params.endpointId }
      return { status: 200, body: toReply(await changeEndpoint(tx, caller.envId, change, now)) }
    },
  })
}

function deleteRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/webhook-endpoints/:endpointId',
    tag: 'Webhooks',
    summary: 'Delete a webhook endpoint',
    description: 'Nothing more is sent to it. The log of its deliveries stays.',
    scope: 'webhooks:write',
    params,
    replies: { 200: z.object({ id: z.string(), isDeleted: z.literal(true) }) },
    failures: [failures.endpointUnknown],
    async handle({ tx, caller, params, now }) {
      await deleteEndpoint(tx, caller.envId, params.endpointId, now)
      return { status: 200, body: { id: params.endpointId, isDeleted: true } }
    },
  })
}

function rotateRoute({ sealer }: Deps): Route {
  return route({
    method: 'POST',
    path: '/api/v1/webhook-endpoints/:endpointId/rotate-secret',
    tag: 'Webhooks',
    summary: 'Give a webhook endpoint a new secret',
    description:
      'For a while every delivery is signed with the old and the new one, so that no delivery fails while the receiver changes over.',
    scope: 'webhooks:write',
    params,
    body: z.strictObject({
      oldValidHours: z
        .number()
        .int()
        .min(0)
        .max(OLD_VALID_HOURS_MAX)
        .default(OLD_VALID_HOURS)
        .meta({ description: '0 ends all earlier secrets at once, for one that has leaked' }),
    }),
    replies: { 201: z.object({ id: z.string(), secret: secretText }) },
    failures: [failures.endpointUnknown, failures.secretsTooMany],
    async handle({ tx, caller, params, body, now }) {
      const { id } = await getEndpointToChange(tx, caller.envId, params.endpointId)
      const rotation = { sealer, now, oldValidHours: body.oldValidHours }
      return {
        status: 201,
        body: { id, secret: await rotateSecret(tx, caller.envId, id, rotation) },
      }
    },
  })
}

function testRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/webhook-endpoints/:endpointId/test',
    tag: 'Webhooks',
    summary: 'Send a test fact to a webhook endpoint',
    description: 'Goes to this endpoint alone. Read the delivery to see what became of it.',
    scope: 'webhooks:write',
    params,
    replies: { 202: z.object({ deliveryId: z.string() }) },
    failures: [failures.endpointUnknown, failures.endpointDisabled, failures.testsTooMany],
    async handle({ tx, caller, params, now }) {
      const deliveryId = await sendTest(tx, caller.envId, params.endpointId, now)
      return { status: 202, body: { deliveryId } }
    },
  })
}

function accepted(verdict: UrlVerdict): string {
  if ('failure' in verdict) throw verdict.failure
  return verdict.url
}

function toReply(endpoint: Endpoint) {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    eventTypes: endpoint.eventTypes,
    status: endpoint.status,
    disabledReason: endpoint.disabledReason,
    failingSince: endpoint.health?.since.toISOString() ?? null,
    createdAt: endpoint.createdAt.toISOString(),
  }
}
