import { z } from 'zod'
import { pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { DISPUTE_STATUSES } from './dispute.ts'
import { disputeReply, toDispute } from './dispute-reply.ts'
import { selectDisputes } from './disputes.store.ts'

export function disputesRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/disputes',
    tag: 'Payments',
    summary: 'List payments that their customers dispute at their banks, the newest first',
    description:
      'The invoice of a disputed payment stays paid. Evidence is given to the provider itself.',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      paymentId: textField(100).optional(),
      status: z.enum(DISPUTE_STATUSES).optional(),
    }),
    replies: { 200: pageOf(disputeReply) },
    async handle({ tx, caller, query }) {
      const rows = await selectDisputes(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        paymentId: query.paymentId ?? null,
        status: query.status ?? null,
      })
      const page = pageFrom(rows, query.limit, ({ openedAt, id }) => [openedAt.toISOString(), id])
      return { status: 200, body: { ...page, data: page.data.map(toDispute) } }
    },
  })
}
