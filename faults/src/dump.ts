import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'

/** What the reconciler reads. Tables with secrets stay where they are. */
const TABLES = [
  'organizations',
  'environments',
  'meters',
  'plans',
  'usage_events',
  'events_by_customer',
  'usage_rollups',
  'usage_uniques',
  'customers',
  'subscriptions',
  'subscription_terms',
  'subscription_periods',
  'invoice_states',
  'invoice_numbers',
  'invoices',
  'invoice_lines',
  'invoice_line_coverage',
  'facts',
  'due',
  'webhook_endpoints',
  'webhook_deliveries',
  'webhook_attempts',
] as const

const ROWS = 5_000

/** Writes every table as it stands at one instant, one JSON object a line, to `<folder>/dump`. */
export async function dumpTables(client: pg.Client, folder: string): Promise<void> {
  const to = path.join(folder, 'dump')
  mkdirSync(to, { recursive: true })
  await client.query('begin transaction isolation level repeatable read read only')
  for (const table of TABLES) await dumpTable(client, table, path.join(to, `${table}.ndjson`))
  await client.query('commit')
}

/** The rows never become JavaScript values: their numbers would lose digits. */
async function dumpTable(client: pg.Client, table: string, file: string): Promise<void> {
  const descriptor = openSync(file, 'w')
  await client.query(
    `declare dumped no scroll cursor for select row_to_json(t)::text as row from ${table} t`,
  )
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${ROWS} from dumped`)
    if (rows.length === 0) break
    writeSync(descriptor, rows.map(({ row }) => `${row}\n`).join(''))
  }
  await client.query('close dumped')
  closeSync(descriptor)
}
