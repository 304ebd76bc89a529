import { z } from 'zod'
import type { Database } from '../platform/db/database.ts'
import { type Route, streamRoute } from '../platform/http/route.ts'
import {
  allPages,
  CSV_TYPE,
  csvRecord,
  NDJSON_TYPE,
  ndjson,
  type Streamed,
} from '../platform/http/stream.ts'
import { type ExportTable, INVOICE_TABLE, LINE_TABLE } from './export-tables.ts'
import { filterOf, filterQuery } from './invoice-filter.ts'
import { type InvoiceFilter, selectStates } from './invoice-states.store.ts'
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
      exported(
        table,
        query.format,
        allInvoices({ envId: caller.envId, inTransaction }, filterOf(query)),
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

function exported<Row>(
  table: ExportTable<Row>,
  format: 'csv' | 'ndjson',
  pages: AsyncIterable<readonly StoredInvoice[]>,
): Streamed {
  const fileName = `${table.name}.${format}`
  return format === 'csv'
    ? { type: CSV_TYPE, fileName, chunks: csvOf(table, pages) }
    : { type: NDJSON_TYPE, fileName, chunks: ndjsonOf(table, pages) }
}

async function* csvOf<Row>(
  { columns, rowsOf }: ExportTable<Row>,
  pages: AsyncIterable<readonly StoredInvoice[]>,
): AsyncGenerator<string> {
  const names = Object.keys(columns)
  const cells = Object.values(columns)
  let head = csvRecord(names)
  for await (const page of pages) {
    const rows = page.flatMap(rowsOf)
    yield head + rows.map((row) => csvRecord(cells.map((cell) => cell(row)))).join('')
    head = ''
  }
  if (head !== '') yield head
}

async function* ndjsonOf<Row>(
  { rowsOf }: ExportTable<Row>,
  pages: AsyncIterable<readonly StoredInvoice[]>,
): AsyncGenerator<string> {
  for await (const page of pages) yield ndjson(page.flatMap(rowsOf))
}
