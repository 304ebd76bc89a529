import type { Tx } from '../platform/db/transaction.ts'
import type { Span } from './slice.ts'
import type { Total } from './total.ts'
import { selectTotals } from './totals.store.ts'

const HOUR_MS = 3_600_000

/** What was counted in an hour of UTC. */
export type HourTotal = { readonly hour: Date; readonly total: Total }

/**
 * What a meter has counted of a customer, hour by hour, in the order of time; hours in which nothing is counted are left
 * out. The span begins and ends with an hour: so all of it is read from the roll-ups, in one statement.
 */
export async function hourlyTotals(
  tx: Tx,
  envId: number,
  { meterNo, customer }: { readonly meterNo: number; readonly customer: string },
  { from, to }: Span,
): Promise<HourTotal[]> {
  const count = Math.max(0, Math.round((to.getTime() - from.getTime()) / HOUR_MS))
  if (count === 0) return []
  const borders = Array.from(
    { length: count + 1 },
    (_, n) => new Date(from.getTime() + n * HOUR_MS),
  )
  const slice = { customer, except: [], from, to, meterNo, askedNo: 0 }
  const { rows } = await selectTotals(tx, envId, [slice], { grouping: 'none', borders })
  return rows
    .map(({ askedNo, group: _, ...total }) => ({ hour: borders[askedNo - 1] ?? from, total }))
    .sort((a, b) => a.hour.getTime() - b.hour.getTime())
}
