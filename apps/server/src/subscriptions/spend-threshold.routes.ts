import { z } from 'zod'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { decimalField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { setSpendThreshold } from './spend-threshold.ts'
import { wholeOf, wholeReply } from './subscription-reply.ts'

export function spendThresholdRoutes(): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/api/v1/subscriptions/:subscriptionId/spend-threshold',
      tag: 'Subscriptions',
      summary: 'Have usage billed as soon as it comes to an amount',
      description:
        'Within six hours after the usage of the period that is not billed yet has come to the amount, it is invoiced; the invoice of the period bills the rest. Null: usage is billed when its period is over.',
      scope: 'billing:write',
      params: z.object({ subscriptionId: textField(100) }),
      body: z.strictObject({
        amount: decimalField
          .nullable()
          .meta({ description: 'In the major unit of the plan’s currency', example: '500' }),
      }),
      replies: { 200: wholeReply },
      failures: [
        failures.unknown,
        failures.stepImpossible,
        failures.thresholdImpossible,
        planFailures.amountImpossible,
      ],
      async handle({ tx, caller, params, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const set = { id: params.subscriptionId, amount: body.amount }
        const subscription = await setSpendThreshold(tx, caller.envId, set, now)
        return { status: 200, body: await wholeOf(tx, caller.envId, subscription) }
      },
    }),
  ]
}
