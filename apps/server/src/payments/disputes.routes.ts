import { formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { DISPUTE_STATUSES, type Dispute } from './dispute.ts'
import { selectDisputes } from './disputes.store.ts'

const disputeReply = z
  .object({
    id: z.string().meta({ description: 'What the provider calls it' }),
    paymentId: z.string(),
    amountMinor: z.string(),
    amount: z.string(),
    currency: z.string(),
    reason: z.string().meta({ description: 'In the words of the provider' }),
    status: z.enum(DISPUTE_STATUSES).meta({
      description: '`won`: you keep the money; `lost`: the customer has it; `closed`: none moved',
    }),
    evidenceDueAt: instantText
      .nullable()
      .meta({ description: 'Until when the provider takes evidence' }),
    openedAt: instantText,
    closedAt: instantText.nullable(),
  })
  .meta({ id: 'Dispute' })

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

function toDispute(dispute: Dispute): z.input<typeof disputeReply> {
  const { id, paymentId, amountMinor, currency, reason, status } = dispute
  return {
    ...{ id, paymentId, currency, reason, status },
    amountMinor: String(amountMinor),
    amount: formatMinor(amountMinor, currency),
    evidenceDueAt: dispute.evidenceDueAt?.toISOString() ?? null,
    openedAt: dispute.openedAt.toISOString(),
    closedAt: dispute.closedAt?.toISOString() ?? null,
  }
}
