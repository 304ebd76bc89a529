import { decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Database } from '../platform/db/database.ts'
import { customerIdField, decimalField, textField } from '../platform/http/fields.ts'
import { type Route, readRoute } from '../platform/http/route.ts'
import { ACCESS_REASONS, checkAccess } from './check-access.ts'
import type { RememberedUse } from './remembered-use.ts'

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

/** The one question that is asked before every call: it must be answered in a few milliseconds. */
export function accessRoute(deps: {
  readonly db: Database
  readonly rememberedUse: RememberedUse
}): Route {
  return readRoute({
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
    async read({ caller, params, query, now }) {
      const { customerId } = params
      const { rememberedUse } = deps
      const question = { customer: customerId, meter: query.meter, units: decimal(query.units) }
      const asked = { ...question, rememberedUse }
      const access = await checkAccess(deps.db.kysely, caller.envId, asked, now)
      const { available, held, ...rest } = access
      const credits = { available: formatDecimal(available), held: formatDecimal(held) }
      return { status: 200, body: { customerId, ...rest, credits } }
    },
  })
}
