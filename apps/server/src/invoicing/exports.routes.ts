import { z } from 'zod'
import type { Database } from '../platform/db/database.ts'
import { type Route, streamRoute } from '../platform/http/route.ts'
import { allPages } from '../platform/http/stream.ts'
import { tableStream } from '../platform/http/table-stream.ts'
import { type ExportTable, INVOICE_TABLE, LINE_TABLE } from './export-tables.ts'
import type { InvoiceFilter } from './invoice-conditions.store.ts'
import { filterOf, filterQuery } from './invoice-filter.ts'
import { selectStates } from './invoice-states.store.ts'
import { type StoredInvoice, withContents } from './read-invoice.ts'

const INVOICES_AT_ONCE = 50 // each may have many lines

export function exportsRoutes(): Route[] {
  return [
    exportRoute(INVOICE_TABLE, {
      path: '/api/v1/exports/invoices',
      summary: 'Export invoices as CSV or NDJSON',
    }),
    exportRoute(LINE_TABLE, {
      path: '/api/v1/exports/invoice-lines',
      summary: 'Export the lines of invoices as CSV or NDJSON',
    }),
  ]
}

function exportRoute<Row>(
  table: ExportTable<Row>,
  { path, summary }: { readonly path: string; readonly summary: string },
): Route {
  return streamRoute({
    method: 'GET',
    path,
    tag: 'Invoices',
    summary,
    description:
      'All that the filter lets through, the newest first, in one answer of any length. Amounts in CSV are in the major unit, and a cell that a spreadsheet would run begins with an apostrophe; NDJSON has the fields of the API. A draft shows what it comes to now.',
    scope: 'billing:read',
    query: z.strictObject({ ...filterQuery, format: z.enum(['csv', 'ndjson']).default('csv') }),
    replies: { 200: z.string().meta({ description: 'text/csv or application/x-ndjson' }) },
    stream: ({ caller, query, inTransaction }) =>
      tableStream(
        table,
        query.format,
        rowsOf(table, allInvoices({ envId: caller.envId, inTransaction }, filterOf(query))),
      ),
  })
}

/** Page by page, each in a transaction of its own. */
async function* allInvoices(
  { envId, inTransaction }: Pick<Database, 'inTransaction'> & { readonly envId: number },
  filter: InvoiceFilter,
): AsyncGenerator<readonly StoredInvoice[]> {
  yield* allPages<StoredInvoice>(INVOICES_AT_ONCE, (last) => {
    const before = last && ([last.state.createdAt.toISOString(), last.state.id] as const)
    return inTransaction(async (tx) =>
      withContents(
        tx,
        envId,
        await selectStates(tx, envId, { ...filter, before, limit: INVOICES_AT_ONCE }),
      ),
    )
  })
}

async function* rowsOf<Row>(
  table: ExportTable<Row>,
  pages: AsyncIterable<readonly StoredInvoice[]>,
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) yield page.flatMap(table.rowsOf)
}
