import { z } from 'zod'
import { instantText, pageOf, pageQuery } from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { selectApplicationPage } from './applications.store.ts'
import { tag } from './control-fields.ts'

const applicationReply = z
  .object({
    id: z.string(),
    name: z.string(),
    firstSeenAt: instantText,
    lastSeenAt: instantText.meta({ description: 'To the minute' }),
  })
  .meta({ id: 'Application' })

/** `GET /api/v1/control/applications`: the services that have asked what holds for them. */
export function applicationsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/applications',
    tag,
    summary: 'List applications',
    description: 'One is made when a package in it first asks what holds for it.',
    scope: 'control:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(applicationReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? '') : ''
      const wanted = { limit: query.limit + 1, after }
      const rows = await selectApplicationPage(tx, caller.envId, wanted)
      const page = pageFrom(rows, query.limit, ({ name }) => [name])
      const data = page.data.map(({ firstSeenAt, lastSeenAt, ...application }) => ({
        ...application,
        firstSeenAt: firstSeenAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
      }))
      return { status: 200, body: { ...page, data } }
    },
  })
}
