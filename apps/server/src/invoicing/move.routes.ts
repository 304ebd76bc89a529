import { z } from 'zod'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type Moved, moveToVersion } from './move-to-version.ts'

const MOVED_MAX = 200
const VERSION_MAX = 2_147_483_647

const amountReply = z.object({ totalMinor: z.string(), currency: z.string() })

const movedReply = z.object({
  subscriptionId: z.string(),
  customerId: z.string(),
  before: amountReply
    .nullable()
    .meta({ description: 'The period under way with the usage so far; null: it is not billed' }),
  after: amountReply.nullable().meta({ description: 'The same at the prices of the new version' }),
  differenceMinor: z.string().nullable().meta({ description: 'Null between two currencies' }),
  refused: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .meta({ description: 'Why this one stays on its version' }),
})

/** Moving subscriptions between versions of a plan. */
export function moveRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/plans/:plan/versions/:version/move',
      tag: 'Plans',
      summary: 'Move subscriptions to this version from another',
      description:
        'Moves up to `limit` subscriptions, or with `dryRun`, which is the default, only says what the period under way would come to at both versions. Repeat it with `after: next` until `next` is null.',
      scope: 'billing:write',
      params: z.object({
        plan: textField(100),
        version: z.coerce.number().int().min(1).max(VERSION_MAX),
      }),
      body: z.strictObject({
        from: z.number().int().min(1).max(VERSION_MAX),
        when: z.enum(['now', 'period_end']),
        dryRun: z.boolean().default(true),
        limit: z.number().int().min(1).max(MOVED_MAX).default(MOVED_MAX),
        after: textField(100).optional(),
      }),
      replies: { 200: z.object({ data: z.array(movedReply), next: z.string().nullable() }) },
      failures: [planFailures.unknown, planFailures.versionUnknown, planFailures.archived],
      async handle({ tx, caller, params, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const { from, when, dryRun: isDryRun, limit, after = '' } = body
        const move = { plan: params.plan, to: params.version, from, when, isDryRun, limit, after }
        const moved = await moveToVersion(tx, caller.envId, move, now)
        const next = moved.length === limit ? (moved.at(-1)?.subscription.id ?? null) : null
        return { status: 200, body: { data: moved.map(toReply), next } }
      },
    }),
  ]
}

function toReply({ subscription, difference, refused }: Moved): z.input<typeof movedReply> {
  const amount = ({ totalMinor, currency }: { totalMinor: bigint; currency: string }) => ({
    totalMinor: String(totalMinor),
    currency,
  })
  const { before, after } = difference ?? {}
  const isComparable = before && after && before.currency === after.currency
  return {
    subscriptionId: subscription.id,
    customerId: subscription.customer,
    before: before ? amount(before) : null,
    after: after ? amount(after) : null,
    differenceMinor: isComparable ? String(after.totalMinor - before.totalMinor) : null,
    refused: refused && { code: refused.code, message: refused.message },
  }
}
