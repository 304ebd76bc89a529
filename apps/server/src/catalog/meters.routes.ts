import { formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { decimalField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { archiveMeter, changeMeter, createMeter } from './create-meter.ts'
import { dottedPropertyField, filterField, propertyField } from './filter-fields.ts'
import { findMeter } from './find-meter.ts'
import { AGGREGATIONS, LATE_USAGES, type Meter, ROUNDINGS, UNROUNDED } from './meter.ts'
import { failures } from './meter-failures.ts'
import { selectMeters } from './meters.store.ts'

const GROUP_BY_MAX = 5
const ROUNDING_DIGITS_MAX = 12

const nameField = textField(200)
const unitField = textField(50, 0).meta({ description: 'What one is called', example: 'call' })
const keyField = z
  .string()
  .regex(/^(?!mtr_)[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, 'letters, digits, . _ : -; no mtr_…')
  .meta({ example: 'API_CALL' })

const lateUsageField = z.enum(LATE_USAGES).meta({
  description:
    'Of usage that comes after its period was invoiced: `bill` passes on what it changes, `credit` only what is in the favour of the customer, `absorb` nothing. All of it is told on the next invoice',
})

/** What a meter counts; the preview takes the same. */
export const ruleFields = {
  eventName: textField(100)
    .optional()
    .meta({ description: 'Which events; those that bear the key if left out' }),
  aggregation: z.enum(AGGREGATIONS).default('SUM'),
  valueProperty: propertyField.nullable().default(null),
  filter: filterField.nullable().default(null),
  groupBy: z
    .array(dottedPropertyField)
    .max(GROUP_BY_MAX)
    .refine((paths) => new Set(paths).size === paths.length, 'names a property twice')
    .default([]),
  conversion: z
    .strictObject({ factor: decimalField.optional(), divisor: decimalField.optional() })
    .nullable()
    .default(null)
    .meta({
      description: 'From what is aggregated to the unit: multiply or divide',
      example: { divisor: '1000000000' },
    }),
  rounding: z
    .strictObject({
      mode: z.enum(ROUNDINGS),
      digits: z.number().int().min(0).max(ROUNDING_DIGITS_MAX).default(0),
    })
    .default(UNROUNDED)
    .meta({ description: 'Of the quantity, after the conversion', example: { mode: 'up' } }),
}

const meterReply = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    unit: z.string(),
    eventName: z.string(),
    aggregation: z.enum(AGGREGATIONS),
    valueProperty: z.array(z.string()).nullable(),
    filter: z.unknown().nullable(),
    groupBy: z.array(z.string()),
    conversion: z.object({ factor: z.string(), divisor: z.string() }),
    rounding: z.object({ mode: z.enum(ROUNDINGS), digits: z.number() }),
    lateUsage: lateUsageField,
    complete: z
      .boolean()
      .meta({ description: 'Whether the events that are older than the meter are counted, too' }),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'Meter' })

const params = z.object({ meter: textField(100).meta({ description: 'Id or key' }) })
const ruleFailures = [failures.valueMissing, failures.valueUnread, failures.conversionImpossible]

export function metersRoutes(): Route[] {
  return [createRoute(), listRoute(), readRoute(), changeRoute(), archiveRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/meters',
    tag: 'Meters',
    summary: 'Make a meter',
    description:
      'It counts the events of its name that are stored already, and every later one. What it counts cannot be changed afterwards.',
    scope: 'catalog:write',
    body: z.strictObject({
      key: keyField,
      name: nameField.optional(),
      unit: unitField.default(''),
      lateUsage: lateUsageField.default('bill'),
      ...ruleFields,
    }),
    replies: { 201: meterReply },
    failures: [failures.keyTaken, ...ruleFailures],
    async handle({ tx, caller, body, now }) {
      const { key, name = key, eventName = key } = body
      const input = { ...body, name, eventName }
      return { status: 201, body: toReply(await createMeter(tx, caller.envId, input, now)) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/meters',
    tag: 'Meters',
    summary: 'List meters',
    scope: 'catalog:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(meterReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectMeters(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ key }) => [key])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/meters/:meter',
    tag: 'Meters',
    summary: 'Read a meter',
    scope: 'catalog:read',
    params,
    replies: { 200: meterReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await findMeter(tx, caller.envId, params.meter)),
    }),
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/meters/:meter',
    tag: 'Meters',
    summary: 'Change the name or the unit of a meter, or what becomes of late usage',
    scope: 'catalog:write',
    params,
    body: z.strictObject({
      name: nameField.optional(),
      unit: unitField.optional(),
      lateUsage: lateUsageField.optional(),
    }),
    replies: { 200: meterReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params, body }) {
      const { name, unit, lateUsage } = body
      const meter = await changeMeter(tx, caller.envId, params.meter, { name, unit, lateUsage })
      return { status: 200, body: toReply(meter) }
    },
  })
}

function archiveRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/meters/:meter',
    tag: 'Meters',
    summary: 'Archive a meter',
    description:
      'It can no longer be priced and leaves the list. Its key stays taken, and who pays by it goes on paying.',
    scope: 'catalog:write',
    params,
    replies: { 200: meterReply },
    failures: [failures.unknown, failures.priced],
    handle: async ({ tx, caller, params, now }) => ({
      status: 200,
      body: toReply(await archiveMeter(tx, caller.envId, params.meter, now)),
    }),
  })
}

function toReply(meter: Meter) {
  const { id, key, name, unit, eventName, aggregation, valueProperty, filter, groupBy } = meter
  return {
    ...{ id, key, name, unit, eventName, aggregation, valueProperty, filter, groupBy },
    conversion: { factor: formatDecimal(meter.factor), divisor: formatDecimal(meter.divisor) },
    rounding: meter.rounding,
    lateUsage: meter.lateUsage,
    complete: meter.isComplete,
    createdAt: meter.createdAt.toISOString(),
    archivedAt: meter.archivedAt?.toISOString() ?? null,
  }
}
