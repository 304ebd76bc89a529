import { z } from 'zod'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { changeBody, changeFailures, changeOf } from '../subscriptions/change.routes.ts'
import { previewReply, toPreview } from './invoice-reply.ts'
import { type ChangePreview, previewChange } from './preview-change.ts'

const reply = z
  .object({
    at: instantText.meta({ description: 'When the change would hold' }),
    before: previewReply
      .nullable()
      .meta({ description: 'The period under way, as it is sold; null: it is not billed' }),
    after: previewReply.nullable().meta({ description: 'The same, as it would be sold' }),
    differenceMinor: z
      .string()
      .nullable()
      .meta({ description: 'Of the totals; null between two currencies' }),
  })
  .meta({ id: 'ChangePreview' })

export function previewChangeRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/subscriptions/:subscriptionId/change/preview',
      tag: 'Subscriptions',
      summary: 'Show what a change of a subscription would mean',
      description:
        'Takes what a change takes and refuses what it would refuse; nothing is written. Both sides are the whole period under way with the usage so far, so that their prices can be compared; a change within the period bills each part by its own.',
      scope: 'billing:read',
      params: z.object({ subscriptionId: textField(100) }),
      body: changeBody,
      replies: { 200: reply },
      failures: changeFailures,
      async handle({ tx, caller, params, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const wanted = { id: params.subscriptionId, ...changeOf(body) }
        return { status: 200, body: toReply(await previewChange(tx, caller.envId, wanted, now)) }
      },
    }),
  ]
}

function toReply({ subscription, at, contents }: ChangePreview): z.input<typeof reply> {
  const { before, after } = contents ?? {}
  const isComparable = before && after && before.currency === after.currency
  return {
    at: at.toISOString(),
    before: before ? toPreview(subscription, before) : null,
    after: after ? toPreview(subscription, after) : null,
    differenceMinor: isComparable ? String(after.totalMinor - before.totalMinor) : null,
  }
}
