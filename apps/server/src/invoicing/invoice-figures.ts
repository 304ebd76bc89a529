import type { Tx } from '../platform/db/transaction.ts'
import {
  type CustomerTotal,
  hasInvoices,
  type MonthOfInvoices,
  type Owed,
  selectMonths,
  selectOwed,
  selectTopCustomers,
} from './invoice-figures.store.ts'

/** The sums of all invoices that somebody looks at first. */
export type InvoiceFigures = {
  readonly months: readonly MonthOfInvoices[]
  readonly topCustomers: readonly CustomerTotal[]
  readonly owed: readonly Owed[]
  readonly hasAny: boolean
}

const MONTHS = 6
const TOP_CUSTOMERS = 5

/** Revenue of the month of `now` and the five before it in UTC, who paid most of it, and what is owed. */
export async function invoiceFigures(tx: Tx, envId: number, now: Date): Promise<InvoiceFigures> {
  const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + 1, 1))
  return {
    months: await selectMonths(tx, envId, since),
    topCustomers: await selectTopCustomers(tx, envId, { since, limit: TOP_CUSTOMERS }),
    owed: await selectOwed(tx, envId),
    hasAny: await hasInvoices(tx, envId),
  }
}
