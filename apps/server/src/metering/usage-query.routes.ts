import { formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { meterRule } from '../catalog/create-meter.ts'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { ruleFields } from '../catalog/meters.routes.ts'
import { customerIdField, instantField, instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { previewRule, queryUsage, type UsageAnswer, type UsageRow } from './usage-query.ts'
import { WINDOWS } from './windows.ts'

const GROUPS = 100
const GROUPS_MAX = 1_000
const PREVIEW_CUSTOMERS = 20

const rowReply = z.object({
  from: instantText,
  to: instantText,
  customerId: z.string().optional(),
  group: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .optional()
    .meta({ description: 'What the property is; null: missing, or no scalar' }),
  quantity: z
    .string()
    .nullable()
    .meta({ description: 'In the unit of the meter; null: nothing that could be the answer' }),
  events: z.string(),
  notCounted: z
    .string()
    .meta({ description: 'Events that passed the filter and had no usable value' }),
})

const answerFields = {
  total: rowReply,
  data: z.array(rowReply),
  asOf: instantText.meta({ description: 'Everything stored before it is counted' }),
  lagSeconds: z.number(),
  complete: z
    .boolean()
    .meta({ description: 'Whether the events that are older than the meter are all counted' }),
}

const spanFailures = [failures.spanEmpty, failures.spanTooLong]

export function usageQueryRoutes(): Route[] {
  return [usageRoute(), previewRoute()]
}

function usageRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/usage',
    tag: 'Usage',
    summary: 'Read usage',
    description:
      'The quantity that a meter says for `[from, to)`: as a whole, as a series of hours, days or months in a time zone, and by customer or property. Hours and days without usage are in the series.',
    scope: 'usage:read',
    query: z.strictObject({
      meter: textField(100).meta({ description: 'Id or key' }),
      customerId: customerIdField.optional(),
      from: instantField,
      to: instantField.optional().meta({ description: 'Exclusive; now if left out' }),
      window: z.enum(WINDOWS).optional(),
      timeZone: textField(100).default('UTC').meta({ description: 'IANA name', example: 'UTC' }),
      groupBy: textField(303)
        .optional()
        .meta({ description: '`customer`, or a metadata property as a dotted path' }),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(GROUPS_MAX)
        .default(GROUPS)
        .meta({ description: 'How many groups, the greatest first, when there are no windows' }),
    }),
    replies: { 200: z.object({ meter: z.string(), unit: z.string(), ...answerFields }) },
    failures: [
      meterFailures.unknown,
      ...spanFailures,
      failures.tooManyWindows,
      failures.tooManyRows,
      failures.timeZoneUnknown,
    ],
    async handle({ tx, caller, query, now }) {
      const { from, to = now, timeZone, limit } = query
      const { customerId = null, window = null, groupBy = null } = query
      const question = { from, to, timeZone, limit, customer: customerId, window, groupBy }
      const { meter, answer } = await queryUsage(tx, caller.envId, query.meter, question)
      return {
        status: 200,
        body: { meter: meter.key, unit: meter.unit, ...toReply(answer, groupBy) },
      }
    },
  })
}

function previewRoute(): Route {
  const { eventName, ...rule } = ruleFields
  return route({
    method: 'POST',
    path: '/api/v1/meters/preview',
    tag: 'Meters',
    summary: 'Try a meter on stored events',
    description:
      'What a meter with this rule would have counted in `[from, to)`, and the customers with most of it. Nothing is saved.',
    scope: 'usage:read',
    body: z.strictObject({
      eventName: eventName.unwrap(),
      ...rule,
      customerId: customerIdField.optional(),
      from: instantField,
      to: instantField.optional(),
    }),
    replies: { 200: z.object(answerFields) },
    failures: [
      meterFailures.valueMissing,
      meterFailures.valueUnread,
      meterFailures.conversionImpossible,
      ...spanFailures,
    ],
    async handle({ tx, caller, body, now }) {
      const { from, to = now, customerId: customer = null } = body
      const span = { from, to, timeZone: 'UTC', window: null }
      const question = { ...span, customer, groupBy: 'customer', limit: PREVIEW_CUSTOMERS }
      const answer = await previewRule(tx, caller.envId, meterRule(body), question)
      return { status: 200, body: toReply(answer, 'customer') }
    },
  })
}

function toReply(answer: UsageAnswer, groupBy: string | null) {
  return {
    total: rowToReply(answer.total, null),
    data: answer.rows.map((row) => rowToReply(row, groupBy)),
    asOf: answer.asOf.toISOString(),
    lagSeconds: answer.lagSeconds,
    complete: answer.isComplete,
  }
}

function rowToReply(row: UsageRow, groupBy: string | null) {
  return {
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    ...groupToReply(row.group, groupBy),
    quantity: row.quantity === null ? null : formatDecimal(row.quantity),
    events: String(row.events),
    notCounted: String(row.notCounted),
  }
}

function groupToReply(group: string | null, groupBy: string | null) {
  if (group === null || groupBy === null) return {}
  return groupBy === 'customer' ? { customerId: group } : { group: JSON.parse(group) as unknown }
}
