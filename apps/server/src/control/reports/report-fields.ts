import { LATENCY_BUCKET_MAX } from '@usageflow/policy'
import { z } from 'zod'
import { instantField, textField } from '../../platform/http/fields.ts'
import { applicationField } from '../policies.routes.ts'

const STATISTICS_MAX = 2_000
const DECISIONS_MAX = 2_000
const SAMPLES_MAX = 100
const ROUTES_MAX = 1_000
const QUERY_NAMES_MAX = 100

const METHOD_CHARACTERS_MAX = 32
const ROUTE_CHARACTERS_MAX = 500
const LIMIT_CHARACTERS_MAX = 600 // a method and a path
const TEXT_CHARACTERS_MAX = 2_048
const NAME_CHARACTERS_MAX = 100
const CUSTOMER_CHARACTERS_MAX = 255
const ADDRESS_CHARACTERS_MAX = 100

/** Of one row: a process that sees more in a minute does not exist. Sums of it fit what adds them up. */
const COUNT_MAX = 1_000_000_000
const BYTES_MAX = 1_000_000_000_000
const TOTAL_MAX = Number.MAX_SAFE_INTEGER
const DURATION_MS_MAX = 1_000_000_000

/**
 * What some client of the host has sent. It is cut instead of refused: else one strange request would
 * take the report on all others with it.
 */
function heardText(lengthMax: number) {
  return z
    .string()
    .transform((text) => text.slice(0, lengthMax).toWellFormed()) // a pair may have been cut in two
    .meta({ description: `Cut at ${lengthMax} characters` })
}

const countField = z.int().min(0).max(COUNT_MAX)
const bytesField = z.int().min(0).max(BYTES_MAX)
const totalField = z.int().min(0).max(TOTAL_MAX)
const statusField = z.int().min(100).max(999)

const statusesField = z
  .record(z.string().regex(/^[1-9]\d\d$/, 'send a status of three digits'), countField)
  .meta({ example: { 200: 3 } })

const latencyField = z
  .record(z.string().regex(/^(?:0|[1-9]\d{0,2})$/, 'send the number of a bucket'), countField)
  .refine(
    (counts) => Object.keys(counts).every((bucket) => Number(bucket) <= LATENCY_BUCKET_MAX), // tidy: not money — a bucket
    `the last bucket is ${LATENCY_BUCKET_MAX}`,
  )
  .meta({ description: 'Counts by bucket of whole microseconds', example: { 368: 3 } })

const routeName = {
  method: heardText(METHOD_CHARACTERS_MAX),
  route: heardText(ROUTE_CHARACTERS_MAX)
    .nullable()
    .transform((route) => route || null)
    .meta({ description: 'As the framework writes it; null where it has none' }),
}

const customerField = heardText(CUSTOMER_CHARACTERS_MAX)
  .nullable()
  .transform((customerId) => customerId || null)

const statisticsField = z.strictObject({
  minute: instantField,
  ...routeName,
  customerId: customerField.meta({ description: 'Null: nobody known' }),
  requests: countField,
  unmetered: countField
    .default(0)
    .meta({ description: 'Those that a rule covers, and that had no customer' }),
  statuses: statusesField,
  latency: latencyField,
  requestBytes: bytesField.default(0),
  responseBytes: bytesField.default(0),
})

const decisionsField = z
  .strictObject({
    minute: instantField,
    policyId: textField(NAME_CHARACTERS_MAX).nullable().default(null),
    pattern: textField(LIMIT_CHARACTERS_MAX)
      .nullable()
      .default(null)
      .meta({ description: 'Of a limit in the code of the application' }),
    limit: textField(LIMIT_CHARACTERS_MAX).meta({ description: 'By name; `block` of a block' }),
    mode: z.enum(['enforce', 'shadow']),
    identity: z
      .strictObject({
        kind: z.enum(['customer', 'network']),
        id: heardText(CUSTOMER_CHARACTERS_MAX),
      })
      .nullable()
      .meta({ description: 'Null: all together' }),
    refused: countField.default(0),
    allowedWithoutAnswer: countField.default(0),
    refusedWithoutAnswer: countField.default(0),
  })
  .refine(
    ({ policyId, pattern }) => policyId === null || pattern === null,
    'send `policyId` or `pattern`: a limit is of a policy, or of the code',
  )

const sampleField = z.strictObject({
  at: instantField,
  ...routeName,
  status: statusField,
  durationMs: z.number().min(0).max(DURATION_MS_MAX),
  requestBytes: bytesField.nullable().default(null),
  responseBytes: bytesField.nullable().default(null),
  customerId: customerField.default(null),
  clientAddress: heardText(ADDRESS_CHARACTERS_MAX).nullable().default(null),
  userAgent: heardText(TEXT_CHARACTERS_MAX).nullable().default(null),
  queryNames: z.array(heardText(NAME_CHARACTERS_MAX)).max(QUERY_NAMES_MAX).default([]),
})

const usageField = z.strictObject({
  produced: totalField,
  delivered: totalField,
  queued: totalField,
  refused: totalField,
  dropped: totalField,
})

export const reportField = z.strictObject({
  application: applicationField,
  producer: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'send 1 to 100 visible ASCII characters')
    .meta({ description: 'A random name of this process' }),
  sequence: z.int().min(1).meta({ description: '1 for the first report, and one more each time' }),
  agent: textField(200).meta({ example: 'express/0.1.0 node/20.19.1' }),
  routes: z
    .array(z.strictObject(routeName))
    .max(ROUTES_MAX)
    .default([])
    .meta({ description: 'What the framework has' }),
  statistics: z.array(statisticsField).max(STATISTICS_MAX).default([]),
  decisions: z.array(decisionsField).max(DECISIONS_MAX).default([]),
  samples: z.array(sampleField).max(SAMPLES_MAX).default([]),
  usage: usageField
    .nullable()
    .default(null)
    .meta({ description: 'What became of usage since this process began' }),
})
