import { z } from 'zod'
import { instantText } from '../../platform/http/fields.ts'
import { type Route, route } from '../../platform/http/route.ts'
import { tag } from '../control-fields.ts'
import { readWarnings } from './read-warnings.ts'
import { messageOf, WARNING_KINDS } from './warning.ts'

const warningReply = z
  .object({
    kind: z.enum(WARNING_KINDS),
    application: z.string(),
    endpoint: z
      .object({
        id: z.string(),
        method: z.string().nullable(),
        route: z
          .string()
          .nullable()
          .meta({ description: 'Null: all requests for which the framework had no route' }),
      })
      .nullable()
      .meta({ description: 'Null: it is about the whole application' }),
    count: z.number().meta({ description: 'What the message counts' }),
    at: instantText.meta({ description: 'When it was last so' }),
    message: z.string(),
  })
  .meta({ id: 'ControlWarning' })

/** `GET /api/v1/control/warnings`: what is the matter with applications. */
export function warningsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/warnings',
    tag,
    summary: 'Read what is the matter with applications',
    description:
      'In the last 24 hours, the latest first: requests that were to be metered and had no customer, endpoints that had traffic and have none, more endpoints than are told apart, reports that never came, rows that count for nothing, usage that was lost in a process.',
    scope: 'control:read',
    replies: { 200: z.object({ data: z.array(warningReply) }).meta({ id: 'ControlWarnings' }) },
    async handle({ tx, caller, systemNow }) {
      const warnings = await readWarnings(tx, caller.envId, systemNow)
      const data = warnings.map((warning) => ({
        ...warning,
        endpoint: warning.endpoint && {
          id: warning.endpoint.id,
          method: warning.endpoint.name?.method ?? null,
          route: warning.endpoint.name?.route ?? null,
        },
        at: warning.at.toISOString(),
        message: messageOf(warning),
      }))
      return { status: 200, body: { data } }
    },
  })
}
