import { type Decimal, decimal } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import type { Filter } from './filter.ts'
import { compileFilter } from './filter-path.ts'
import { findMeter } from './find-meter.ts'
import {
  type Aggregation,
  type LateUsage,
  type Meter,
  type MeterRule,
  type Rounding,
  UNROUNDED,
} from './meter.ts'
import { failures } from './meter-failures.ts'
import { insertMeter, isPriced, updateArchived, updateMeter } from './meters.store.ts'

/** What a meter counts, as it was asked for; decimals as text. */
export type NewRule = {
  readonly eventName: string
  readonly aggregation: Aggregation
  readonly valueProperty: readonly string[] | null
  readonly filter: Filter | null
  readonly groupBy: readonly string[]
  readonly conversion: Conversion | null
  /** None unless given. */
  readonly rounding?: Rounding
}

/** What the aggregate is multiplied with or divided by: one of the two, or neither. */
export type Conversion = {
  readonly factor?: string | undefined
  readonly divisor?: string | undefined
}

type Named = {
  readonly key: string
  readonly name: string
  readonly unit: string
  /** Billed unless said otherwise. */
  readonly lateUsage?: LateUsage
}

/** What stays as it is is undefined. */
export type Changes = {
  readonly name: string | undefined
  readonly unit: string | undefined
  readonly lateUsage: LateUsage | undefined
}

const ONE = decimal('1')

/** Checks a rule. Throws `meter.value_missing`, `meter.value_unread` and `meter.conversion_impossible`. */
export function meterRule(input: NewRule): MeterRule {
  const { eventName, aggregation, valueProperty, filter, groupBy } = input
  if (aggregation === 'UNIQUE' && valueProperty === null) throw failures.valueMissing()
  if (aggregation === 'COUNT' && valueProperty !== null) throw failures.valueUnread()
  const { factor, divisor } = input.conversion ?? {}
  if (factor !== undefined && divisor !== undefined) throw failures.conversionImpossible()
  return {
    eventName,
    aggregation,
    valueProperty,
    filter,
    groupBy,
    factor: positive(factor),
    divisor: positive(divisor),
    rounding: input.rounding ?? UNROUNDED,
  }
}

function positive(text: string | undefined): Decimal {
  const value = text === undefined ? ONE : decimal(text)
  if (value <= 0n) throw failures.conversionImpossible()
  return value
}

/**
 * Makes a meter. It counts the events of its name from the next roll-up on, and those that are stored
 * already as fast as they can be read. Throws `meter.key_taken` and what `meterRule` throws.
 */
export async function createMeter(
  tx: Tx,
  envId: number,
  input: NewRule & Named,
  now: Date,
): Promise<Meter> {
  const rule = meterRule(input)
  const { key, name, unit } = input
  const { lateUsage = 'bill' } = input
  const meter = { ...rule, id: newId('mtr'), key, name, unit, lateUsage, createdAt: now }
  const filterPath = rule.filter && compileFilter(rule.filter)
  const stored = await insertMeter(tx, envId, meter, filterPath)
  if (!stored) throw failures.keyTaken(key)
  return stored
}

/**
 * Changes what people read, and what becomes of late usage from now on. What is counted never changes:
 * make another meter. Throws `meter.unknown`.
 */
export async function changeMeter(
  tx: Tx,
  envId: number,
  ref: string,
  changes: Changes,
): Promise<Meter> {
  const meter = await findMeter(tx, envId, ref)
  const { name = meter.name, unit = meter.unit, lateUsage = meter.lateUsage } = changes
  await updateMeter(tx, envId, meter.id, { name, unit, lateUsage })
  return { ...meter, name, unit, lateUsage }
}

/**
 * Takes a meter away from those that can be priced. Who pays by it goes on paying. Archiving twice
 * changes nothing. Throws `meter.unknown` and `meter.priced`.
 */
export async function archiveMeter(tx: Tx, envId: number, ref: string, now: Date): Promise<Meter> {
  const meter = await findMeter(tx, envId, ref)
  if (meter.archivedAt) return meter
  if (await isPriced(tx, envId, meter.id)) throw failures.priced(meter.key)
  await updateArchived(tx, envId, meter.id, now)
  return { ...meter, archivedAt: now }
}
