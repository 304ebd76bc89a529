import { decimal } from '@usageflow/pricing'

/** What a cell is sorted by and exported as. */
export type CellValue = string | number | bigint | null

const DECIMAL = /^-?\d{1,18}(\.\d{1,12})?$/

/** Nothing comes first; numbers by size, also those that stand in texts; other texts as people sort them. */
export function compareValues(left: CellValue, right: CellValue): number {
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  if (typeof left !== 'string' || typeof right !== 'string') return left < right ? -1 : 1
  if (DECIMAL.test(left) && DECIMAL.test(right)) return decimal(left) < decimal(right) ? -1 : 1
  return left.localeCompare(right, undefined, { numeric: true })
}
