import fastifySwagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Route } from './route.ts'

/** The answer of every failure, whatever the route. */
export const errorReply = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
      requestId: z.string(),
      docs: z.string(),
    }),
  })
  .meta({
    id: 'Error',
    description: 'What went wrong: `code` is for programs, `message` for people',
  })

const FAILURE_STATUSES = [400, 401, 403, 404, 409, 422, 429, 500, 503] as const

/** What Fastify and the OpenAPI document are told about a route. */
export function routeSchema(route: Route): FastifySchema {
  const failures = Object.fromEntries(FAILURE_STATUSES.map((status) => [status, errorReply]))
  return {
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    security: [{ apiKey: [] }, { bearer: [] }],
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    response: { ...failures, ...route.replies },
  } as FastifySchema
}

/** OpenAPI 3.1 at `/api/v1/openapi.json` and a page to read and try it at `/docs/api`; nothing comes from a CDN. */
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
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  app.get('/api/v1/openapi.json', { config: { isPublic: true }, schema: { hide: true } }, () =>
    app.swagger(),
  )
  await app.register(scalar, {
    routePrefix: '/docs/api',
    configuration: { url: '/api/v1/openapi.json', withDefaultFonts: false, hideClientButton: true },
  })
}
