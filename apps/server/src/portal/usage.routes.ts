import { formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { type NamedVersion, planVersions, versionKey } from '../catalog/find-plan.ts'
import { queryUsage } from '../metering/usage-query.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { instantText } from '../platform/http/fields.ts'
import { type Visitor, visitRoute } from '../platform/http/portal-route.ts'
import type { Route } from '../platform/http/route.ts'
import { earlier } from '../platform/instant.ts'
import { subscriptionsOf, type WithOpenPeriod } from '../subscriptions/subscriptions-of.ts'

const SUBSCRIPTIONS_MAX = 20
const DAYS_SHOWN_MAX = 100 // of longer periods the months are shown
const DAY_MS = 86_400_000

const meterReply = z.object({
  name: z.string(),
  unit: z.string(),
  quantity: z.string().nullable().meta({ description: 'Of the period so far' }),
  included: z.string().nullable().meta({ description: 'Units that cost nothing; null: none' }),
  series: z.array(z.object({ from: instantText, quantity: z.string().nullable() })),
})

/** What was used. */
export function usageRoutes(): Route[] {
  return [
    visitRoute({
      path: '/api/portal/v1/usage',
      summary: 'Read what was used in the periods under way, day by day',
      description:
        'By the meters of the plan, and by the events of the customer itself. Of periods above 100 days the series goes by months.',
      replies: {
        200: z.object({
          asOf: instantText.nullable().meta({ description: 'Everything before it is counted' }),
          data: z.array(
            z.object({
              plan: z.string(),
              periodStart: instantText,
              periodEnd: instantText,
              window: z.enum(['day', 'month']),
              meters: z.array(meterReply),
            }),
          ),
        }),
      },
      async handle({ tx, visitor, now }) {
        const { envId, customer } = visitor
        const all = await subscriptionsOf(tx, envId, { customer, limit: SUBSCRIPTIONS_MAX })
        const versions = await planVersions(
          tx,
          envId,
          all.map(({ subscription }) => refOf(subscription)),
        )
        const data = []
        let asOf: Date | null = null
        for (const { subscription, open } of all) {
          const version = versions.get(versionKey(refOf(subscription)))
          if (!open || !version || open.start >= now) continue
          const used = await usedIn(tx, visitor, { subscription, open, version }, now)
          asOf = used.asOf ?? asOf
          data.push(used.reply)
        }
        return { status: 200, body: { asOf: asOf?.toISOString() ?? null, data } }
      },
    }),
  ]
}

function refOf({ plan }: WithOpenPeriod['subscription']) {
  return { planId: plan.id, version: plan.version }
}

async function usedIn(
  tx: Tx,
  { envId, customer }: Visitor,
  of: {
    readonly subscription: WithOpenPeriod['subscription']
    readonly open: NonNullable<WithOpenPeriod['open']>
    readonly version: NamedVersion
  },
  now: Date,
) {
  const { subscription, open, version } = of
  const isShort = open.end.getTime() - open.start.getTime() <= DAYS_SHOWN_MAX * DAY_MS
  const window: 'day' | 'month' = isShort ? 'day' : 'month'
  const span = { from: open.start, to: earlier(now, open.end), window }
  const question = {
    ...span,
    customer,
    timeZone: subscription.anchor.timeZone,
    groupBy: null,
    limit: 1,
  }
  const meters = []
  let asOf: Date | null = null
  for (const { meter, price } of version.prices) {
    const { answer } = await queryUsage(tx, envId, meter.id, question)
    asOf = answer.asOf
    const included = price.model === 'by_dimension' ? 0n : price.included
    meters.push({
      ...{ name: meter.name, unit: meter.unit },
      quantity: answer.total.quantity === null ? null : formatDecimal(answer.total.quantity),
      included:
        included > 0n && price.model !== 'by_dimension' ? formatDecimal(price.included) : null,
      series: answer.rows.map(({ from, quantity }) => ({
        from: from.toISOString(),
        quantity: quantity === null ? null : formatDecimal(quantity),
      })),
    })
  }
  const [periodStart, periodEnd] = [open.start.toISOString(), open.end.toISOString()]
  return { asOf, reply: { plan: version.planName, periodStart, periodEnd, window, meters } }
}
