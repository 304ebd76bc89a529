import { decimal } from '@usageflow/pricing'
import { z } from 'zod'
import { overridesField } from '../catalog/overrides.ts'
import { overrideFailures, failures as planFailures } from '../catalog/plan-failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { instantField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type Change, changeTerms, uncancel, unschedule } from './change-terms.ts'
import { failures } from './failures.ts'
import { quantityField, wholeOf, wholeReply } from './subscription-reply.ts'

const params = z.object({ subscriptionId: textField(100) })

/** What a change says. */
export const changeBody = z.strictObject({
  plan: textField(100).optional().meta({ description: 'Id or key', example: 'scale' }),
  planVersion: z.number().int().min(1).max(2_147_483_647).optional(),
  quantity: quantityField.optional(),
  overrides: overridesField.optional().meta({
    description:
      'Prices for this subscription alone, all anew; {} for none. When left out they stay, unless the plan becomes another',
  }),
  when: z.union([z.enum(['now', 'period_end']), instantField]).meta({
    description: '`now`, `period_end` (of a trial: its end), or an instant ahead',
    example: 'period_end',
  }),
})

export const changeFailures = [
  failures.unknown,
  failures.stepImpossible,
  failures.changeScheduled,
  failures.changeOutOfTime,
  failures.nothingChanges,
  failures.meterTaken,
  planFailures.unknown,
  planFailures.versionUnknown,
  planFailures.archived,
  ...overrideFailures,
  failures.addOnCurrency,
]

/** Selling a subscription as something else. */
export function changeRoutes(): Route[] {
  return [changeRoute(), unscheduleRoute(), uncancelRoute()]
}

function changeRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscriptionId/change',
    tag: 'Subscriptions',
    summary: 'Change the plan, its version, the quantity or the prices of a subscription',
    description:
      'The period under way ends where the change begins: base price and included units of both parts go by their seconds, usage before and after is rated apart, and what was paid in advance and not used comes back on the invoice that closes the old part. A new plan means its newest version unless one is named.',
    scope: 'billing:write',
    params,
    body: changeBody,
    replies: { 200: wholeReply },
    failures: changeFailures,
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const wanted = { id: params.subscriptionId, ...changeOf(body) }
      const subscription = await changeTerms(tx, caller.envId, wanted, now)
      return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
    },
  })
}

export function changeOf(body: z.output<typeof changeBody>): Change {
  return {
    plan: body.plan ?? null,
    planVersion: body.planVersion ?? null,
    quantity: body.quantity === undefined ? null : decimal(body.quantity),
    overrides: body.overrides ?? null,
    when: body.when,
  }
}

function unscheduleRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscriptionId/unschedule',
    tag: 'Subscriptions',
    summary: 'Take back the change of a subscription that is planned',
    scope: 'billing:write',
    params,
    replies: { 200: wholeReply },
    failures: [failures.unknown, failures.nothingScheduled, failures.meterTaken],
    async handle({ tx, caller, params, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const subscription = await unschedule(tx, caller.envId, params.subscriptionId, now)
      return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
    },
  })
}

function uncancelRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscriptionId/uncancel',
    tag: 'Subscriptions',
    summary: 'Take back the cancelation of a subscription that is planned',
    description: 'It goes on without an end, as what it is sold as then.',
    scope: 'billing:write',
    params,
    replies: { 200: wholeReply },
    failures: [failures.unknown, failures.nothingCanceled, failures.meterTaken],
    async handle({ tx, caller, params, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const subscription = await uncancel(tx, caller.envId, params.subscriptionId, now)
      return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
    },
  })
}
