import { decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { customerIdField, decimalField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { UnsettledUse } from './balance.ts'
import { ACCESS_REASONS, checkAccess } from './check-access.ts'

const accessReply = z
  .object({
    customerId: z.string(),
    isAllowed: z.boolean(),
    reason: z.enum(ACCESS_REASONS).meta({
      description:
        '`credits`: they cover all these units; `plan`: a subscription bills them; `suspended`, `paused`: that subscription is; `nothing`: neither',
    }),
    subscriptionId: z.string().nullable(),
    credits: z.object({ available: z.string(), held: z.string() }),
  })
  .meta({ id: 'Access' })

export function accessRoute({ unsettledUse }: { readonly unsettledUse: UnsettledUse }): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/access',
    tag: 'Credits',
    summary: 'Ask whether a customer may use units of a meter now',
    scope: 'usage:read',
    params: z.object({ customerId: customerIdField }),
    query: z.strictObject({
      meter: textField(100).meta({ description: 'Id or key' }),
      units: decimalField.default('1'),
    }),
    replies: { 200: accessReply },
    failures: [customerFailures.unknown, meterFailures.unknown],
    async handle({ tx, caller, params, query, now }) {
      const { customerId } = params
      const question = { customer: customerId, meter: query.meter, units: decimal(query.units) }
      const access = await checkAccess(tx, caller.envId, { ...question, unsettledUse }, now)
      const { available, held, ...rest } = access
      const credits = { available: formatDecimal(available), held: formatDecimal(held) }
      return { status: 200, body: { customerId, ...rest, credits } }
    },
  })
}
