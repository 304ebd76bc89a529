import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { FailureKind } from '../errors.ts'
import { STATUS } from './answer.ts'
import { exampleOf } from './failure-example.ts'
import { registerReferencePage } from './reference-page.ts'
import type { Route } from './route.ts'

export const OPENAPI_PATH = '/api/v1/openapi.json'
/** What an operation of the document takes: a scope, a permission, `signed_in`, `portal_link` or `anybody`. */
export const PERMISSION_FIELD = 'x-permission'

/** The answer of every failure, whatever the route. */
export const errorReply = z
  .object({
    error: z.object({
      code: z.string().meta({ example: 'request.malformed' }),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
      requestId: z.string().meta({ example: 'req_01h455vb4pex5vsknk084sn02q' }),
      docs: z.string(),
    }),
  })
  .meta({
    id: 'Error',
    description: 'What went wrong: `code` is for programs, `message` for people',
  })

/** What a status says on every route; the codes of the route itself are added. */
const FAILURES: Readonly<Record<number, string>> = {
  400: 'Malformed: a field is missing, unknown or of the wrong shape.',
  401: 'No valid API key or session: `auth.key_missing`, `auth.key_refused`, `auth.session_refused` or `auth.two_credentials`.',
  403: 'The key lacks the scope (`auth.scope_missing`), or the role the permission (`auth.role_forbids`).',
  404: 'There is nothing by that name in this environment.',
  409: 'In the wrong state, or `idempotency.in_flight`.',
  422: 'Refused by a rule, or `idempotency.key_reused`.',
  429: 'Too many at once: wait as long as `Retry-After` says.',
  500: '`internal`: a mistake of ours; nothing was done.',
  503: '`unavailable`: overloaded or without its database; retry after `Retry-After`.',
}

/** What Fastify and the OpenAPI document are told about a route. */
export function routeSchema(route: Route): FastifySchema {
  return {
    ...('words' in route ? { hide: true } : {}),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, needs(route)].filter(Boolean).join('\n\n'),
    security: security(route),
    [PERMISSION_FIELD]: 'access' in route ? route.access : route.scope,
    ...(route.params ? { params: route.params } : {}),
    querystring: route.query ?? z.strictObject({}),
    ...(route.body ? { body: route.body } : {}),
    response: { ...failureReplies(route), ...route.replies },
  } as FastifySchema
}

function needs(route: Route): string {
  if (!('access' in route)) return `Needs the scope \`${route.scope}\`.`
  if (route.access === 'anybody') return 'Answers everybody.'
  if (route.access === 'portal_link')
    return 'For whoever has opened a link to the portal: sees one customer, and nothing else opens it.'
  if (route.access === 'signed_in') return 'For whoever has signed in; no API key opens it.'
  return `For members whose role has \`${route.access}\`; no API key opens it.`
}

function security(route: Route): Record<string, string[]>[] {
  if (!('access' in route)) return [{ apiKey: [] }, { bearer: [] }, { session: [] }]
  if (route.access === 'anybody') return []
  return [route.access === 'portal_link' ? { portal: [] } : { session: [] }]
}

function failureReplies(route: Route): Record<string, unknown> {
  const own = (route.failures ?? []).map(exampleOf)
  return Object.fromEntries(
    Object.entries(FAILURES).map(([status, text]) => {
      const codes = own.filter(({ kind }) => statusOf(kind) === Number(status))
      const description = [text, ...new Set(codes.map(({ code }) => `\`${code}\``))].join(' ')
      return [status, { description, content: { 'application/json': { schema: errorReply } } }]
    }),
  )
}

function statusOf(kind: FailureKind): number {
  return STATUS[kind]
}

const idempotencyHeader = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Send it, and send it again with every retry: the request is carried out once.',
    },
  },
}

/** Whether an answer is kept for who sends the header. */
function isKeyed(route: Route | undefined): boolean {
  if (route?.method !== 'POST' || ('isRepeatable' in route && route.isRepeatable)) return false
  return !('access' in route && route.access === 'anybody')
}

/** OpenAPI 3.1 at `/api/v1/openapi.json`, and a page to read and try it at `/docs/api`. */
export async function registerReference(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'UsageFlow',
        version: '1',
        description: 'Meter, control and bill what customers use.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'x-usageflow-api-key' },
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-uf' },
          portal: { type: 'apiKey', in: 'header', name: 'usageflow-portal' },
        },
      },
    },
    transform(document) {
      const { schema, url } = jsonSchemaTransform(document)
      const { route } = document.route.config ?? {}
      if (!isKeyed(route)) return { schema, url }
      return { schema: { ...schema, headers: idempotencyHeader }, url }
    },
    transformObject: jsonSchemaTransformObject,
  })
  app.get(OPENAPI_PATH, { config: { isPublic: true }, schema: { hide: true } }, () => app.swagger())
  registerReferencePage(app, OPENAPI_PATH)
}
