import type { Tx } from '../../platform/db/transaction.ts'
import { addUp, type Figures } from './figures.ts'
import type { StatisticsRow } from './report.ts'
import type { EndpointIds } from './see-endpoints.ts'
import {
  addToCustomers,
  addToTotals,
  type CustomerPlace,
  type Span,
  selectCustomerCounts,
  selectKnownCustomers,
} from './statistics.store.ts'
import { startOf } from './window.ts'

/** Of one endpoint in one hour. More than that are counted together with those that nobody knows. */
const CUSTOMERS_MAX = 5_000

type CustomerRow = CustomerPlace & Figures

/**
 * Adds rows of a report to the minutes and hours of their endpoints, and to the hours of their customers. All sums of one
 * request are changed together; two reports at once both count.
 */
export async function addStatistics(
  tx: Tx,
  envId: number,
  rows: readonly StatisticsRow[],
  endpointIdOf: EndpointIds,
): Promise<void> {
  if (rows.length === 0) return
  const located = rows.map((row) => ({ ...row, endpointId: endpointIdOf(row) }))
  const customers = await withinBounds(tx, envId, addUp(located.map(ofCustomer), keyOfCustomer))
  const added = countBy(await addToCustomers(tx, envId, customers), keyOfHour)
  const totals = located.flatMap((row) => [ofSpan(row, 'minute'), ofSpan(row, 'hour')])
  const summed = addUp(totals, ({ span, ...hour }) => `${span} ${keyOfHour(hour)}`)
  const counted = summed.map((row) => ({
    ...row,
    customers: row.span === 'hour' ? (added.get(keyOfHour(row)) ?? 0) : 0,
  }))
  await addToTotals(tx, envId, counted)
}

/** Those beyond `CUSTOMERS_MAX` without their names, unless they have a row already. */
async function withinBounds(
  tx: Tx,
  envId: number,
  rows: readonly CustomerRow[],
): Promise<readonly CustomerRow[]> {
  const coming = countBy(rows, keyOfHour)
  const hours = [...new Map(rows.map((row) => [keyOfHour(row), row])).values()]
  const stored = await selectCustomerCounts(tx, envId, hours)
  const present = new Map(stored.map((hour) => [keyOfHour(hour), hour.customers]))
  const roomOf = (row: CustomerRow) => CUSTOMERS_MAX - (present.get(keyOfHour(row)) ?? 0)
  const tight = rows.filter((row) => (coming.get(keyOfHour(row)) ?? 0) > roomOf(row))
  if (tight.length === 0) return rows
  const known = new Set((await selectKnownCustomers(tx, envId, tight)).map(keyOfCustomer))
  const nameless = new Set(tight.filter((row) => !known.has(keyOfCustomer(row))))
  const bounded = rows.map((row) => (nameless.has(row) ? { ...row, customerId: null } : row))
  return addUp(bounded, keyOfCustomer)
}

type Located = StatisticsRow & { readonly endpointId: string }

function ofCustomer({ endpointId, minute, customerId, ...row }: Located): CustomerRow {
  return { ...figuresOf(row), endpointId, customerId, startsAt: startOf(minute, 'hour') }
}

function ofSpan({ endpointId, minute, ...row }: Located, span: Span) {
  return { ...figuresOf(row), endpointId, span, startsAt: startOf(minute, span) }
}

function figuresOf({
  requests,
  unmetered,
  statuses,
  latency,
  requestBytes,
  responseBytes,
}: Figures): Figures {
  return { requests, unmetered, statuses, latency, requestBytes, responseBytes }
}

function keyOfHour({ endpointId, startsAt }: Pick<CustomerPlace, 'endpointId' | 'startsAt'>) {
  return `${endpointId} ${startsAt.getTime()}`
}

function keyOfCustomer(place: CustomerPlace): string {
  return `${keyOfHour(place)} ${place.customerId ?? ''}`
}

function countBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  return counts
}
