import { formatDecimal } from '@usageflow/pricing'
import type { Measured, Unmeasurable } from '../expressions/evaluate.ts'
import type { Failure } from '../platform/errors.ts'
import { readEvent, type SentEvent } from '../usage/event.ts'
import { failures as usageFailures } from '../usage/failures.ts'
import { withNotes } from '../usage/metadata.ts'
import { failures } from './measured-usage-failures.ts'
import type { CompiledRule } from './metering-rule.ts'

/** What an SDK measured of a request, or of several that it summed: checked for shape. */
export type MeasuredUsage = {
  readonly ruleId: string
  readonly method: string | null
  readonly route: string | null
  readonly measured: Measured
  /** The fields that it has in common with an event, as they were sent. */
  readonly event: Readonly<Record<string, unknown>>
}

const RULE_ID_LENGTH_MAX = 100
const TEXT_LENGTH_MAX = 2_048
const NO_FIELDS: Measured['fields'] = {}

/** Reads one item that came out of `parseStrictJson`. Throws `usage.malformed`. */
export function readMeasuredUsage(item: unknown): MeasuredUsage {
  if (!isObject(item)) throw usageFailures.malformed('usage', 'must be JSON objects')
  const { ruleId, method, route = null, requests = 1, fields = NO_FIELDS, ...event } = item
  for (const name of Object.keys(event))
    if (!EVENT_FIELDS.has(name))
      throw usageFailures.malformed(name.slice(0, RULE_ID_LENGTH_MAX), `is not a field; ${KNOWN}`)
  for (const name of ['idempotencyKey', 'timestamp'])
    if (event[name] === undefined) throw usageFailures.malformed(name, 'is missing')
  return {
    ruleId: readText('ruleId', ruleId, RULE_ID_LENGTH_MAX),
    method: readNote('method', method),
    route: route === null ? null : readNote('route', route),
    measured: { requests: readRequests(requests), fields: readFields(fields) },
    event,
  }
}

const EVENT_FIELDS: ReadonlySet<string> = new Set([
  ...['idempotencyKey', 'customerId', 'timestamp', 'metadata'],
])
const KNOWN =
  'idempotencyKey, ruleId, customerId, timestamp, method, route, requests, fields and metadata are'

/**
 * The event that the usage is by its rule, with what it was measured of noted beside it. Says the same however often
 * it is asked, whatever became of the rule meanwhile. Throws `usage.malformed` and why there is no quantity.
 */
export function eventOf(
  { method, route, measured, event: sent }: MeasuredUsage,
  rule: CompiledRule,
  application: string,
): SentEvent {
  if (measured.requests > 1 && !rule.isSummable) throw failures.notSummable(rule.id)
  const quantity = rule.evaluate(measured)
  if (typeof quantity !== 'bigint') throw noQuantity(quantity, rule.id)
  const event = readEvent({ ...sent, name: rule.event, amount: formatDecimal(quantity) }, 'name')
  event.metadata = withNotes(event.metadata, { method, route, application })
  return event
}

function noQuantity({ why, pointer, reason }: Unmeasurable, ruleId: string): Failure {
  if (pointer === null) return failures.quantityImpossible(reason, ruleId)
  if (why === 'field_missing') return failures.fieldMissing(pointer, ruleId)
  return failures.fieldUnusable(pointer, reason, ruleId)
}

function readRequests(value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number
  throw usageFailures.malformed('requests', 'must be a whole number from 1 to 2^53 - 1')
}

function readFields(value: unknown): Measured['fields'] {
  if (!isObject(value)) throw usageFailures.malformed('fields', 'must be a JSON object')
  for (const [pointer, field] of Object.entries(value)) {
    const isText = typeof field === 'string' && field.length <= TEXT_LENGTH_MAX
    if (!isText && typeof field !== 'number' && typeof field !== 'boolean')
      throw usageFailures.malformed(
        `fields.${pointer.slice(0, RULE_ID_LENGTH_MAX)}`,
        `must be a number, a boolean, or a text of up to ${TEXT_LENGTH_MAX} characters`,
      )
  }
  return value
}

/** Null for what metadata does not take: usage is not refused for what is only noted beside it. */
function readNote(field: string, value: unknown): string | null {
  if (typeof value !== 'string') throw usageFailures.malformed(field, 'must be text')
  return value !== '' && value.length <= TEXT_LENGTH_MAX ? value : null
}

function readText(field: string, value: unknown, lengthMax: number): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= lengthMax) return value
  throw usageFailures.malformed(field, `must be text of 1 to ${lengthMax} characters`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
