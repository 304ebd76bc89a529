import { z } from 'zod'
import {
  customerIdField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../../platform/http/fields.ts'
import { decodeTimeCursor, failures as pageFailures, pageFrom } from '../../platform/http/page.ts'
import { type Route, route } from '../../platform/http/route.ts'
import { tag } from '../control-fields.ts'
import { applicationField } from '../policies.routes.ts'
import { selectSamplePage } from './samples.store.ts'

const sampleReply = z
  .object({
    id: z.string(),
    application: z.string(),
    endpointId: z.string(),
    at: instantText,
    method: z.string(),
    route: z.string().nullable(),
    status: z.number(),
    durationMs: z.number(),
    requestBytes: z.number().nullable(),
    responseBytes: z.number().nullable(),
    customerId: z.string().nullable(),
    clientAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    queryNames: z.array(z.string()).meta({ description: 'Of its parameters; never their values' }),
  })
  .meta({ id: 'RequestSample' })

/** A status, or a class of them. */
const statusQuery = z
  .string()
  .regex(/^[1-9](?:\d\d|xx)$/, 'send a status, or a class such as `5xx`')
  .transform((text): readonly [number, number] => {
    const [first, last] = [text.replaceAll('x', '0'), text.replaceAll('x', '9')].map(Number) // tidy: not money — statuses
    return [first ?? 0, last ?? 0]
  })
  .meta({ type: 'string', example: '5xx' })

/** `GET /api/v1/control/samples`: single requests, a few of many. */
export function samplesRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/samples',
    tag,
    summary: 'List samples of requests',
    description:
      'The latest first, of the last 7 days: a few of each minute. No bodies, no headers, no values of parameters.',
    scope: 'control:read',
    query: z.strictObject({
      ...pageQuery,
      application: applicationField.optional(),
      endpoint: textField(100).optional().meta({ description: 'Id of the endpoint' }),
      customerId: customerIdField.optional(),
      status: statusQuery.optional(),
    }),
    replies: { 200: pageOf(sampleReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const { limit, application = null, endpoint = null, customerId = null, status } = query
      const [at, id] = query.cursor ? decodeTimeCursor(query.cursor) : []
      const after = at === undefined || id === undefined ? null : { at, id }
      const statuses = status ?? null
      const wanted = {
        limit: limit + 1,
        after,
        application,
        endpointId: endpoint,
        customerId,
        statuses,
      }
      const rows = await selectSamplePage(tx, caller.envId, wanted)
      const page = pageFrom(rows, limit, (row) => [row.at.toISOString(), row.id])
      const data = page.data.map((sample) => ({ ...sample, at: sample.at.toISOString() }))
      return { status: 200, body: { ...page, data } }
    },
  })
}
