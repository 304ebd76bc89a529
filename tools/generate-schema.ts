import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { MIGRATIONS_TABLE } from '../apps/server/src/platform/db/app-role.ts'
import { startEmbeddedPostgres } from '../apps/server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { withClient } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { migrate } from '../apps/server/src/platform/db/migrate.ts'
import { silentLog } from '../apps/server/src/platform/log.ts'

const HEAD = `// Made by \`npm run generate\` from the migrated database. Do not edit.
import type { ColumnType } from 'kysely'

/** A column with a default: an insert may leave it out. */
export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>

/** Arrives as text, so that no digit is lost. */
export type Int8 = ColumnType<string, string | number | bigint, string | number | bigint>
/** Arrives as text, so that no digit is lost. */
export type Numeric = ColumnType<string, string, string>
/** Arrives as a Date: microseconds are lost, so cursors select \`::text\`. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** Arrives parsed; goes in as JSON text. */
export type Json = ColumnType<unknown, string, string>
`

/** What a column of this PostgreSQL type is in TypeScript. A type that is missing here fails the generation. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Buffer',
  int4: 'number',
  int8: 'Int8',
  jsonb: 'Json',
  numeric: 'Numeric',
  text: 'string',
  timestamptz: 'Timestamp',
  uuid: 'string',
  _int4: 'number[]',
  _text: 'string[]',
}

type Column = {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  readonly hasDefault: boolean
}

/** The TypeScript of the tables that the database at `url` has. */
export async function schemaSource(url: string): Promise<string> {
  const tables = new Map<string, Column[]>()
  for (const column of await columns(url)) {
    tables.set(column.table, [...(tables.get(column.table) ?? []), column])
  }
  const members = [...tables.keys()].map((table) => `  ${table}: ${typeName(table)}\n`)
  const schema = `export interface Schema {\n${members.join('')}}\n`
  return [HEAD, schema, ...[...tables].map(tableSource)].join('\n')
}

async function columns(url: string): Promise<Column[]> {
  const { rows } = await withClient(url, (client) =>
    client.query<Column>(COLUMNS, [MIGRATIONS_TABLE]),
  )
  return rows
}

const COLUMNS = `
  select table_name as table, column_name as name, udt_name as type,
         is_nullable = 'YES' as "isNullable",
         column_default is not null or is_identity = 'YES' as "hasDefault"
    from information_schema.columns
   where table_schema = 'public' and table_name <> $1
   order by table_name collate "C", ordinal_position`

function tableSource([table, columns]: readonly [string, readonly Column[]]): string {
  const members = columns.map((column) => `  ${column.name}: ${columnType(column)}\n`)
  return `export interface ${typeName(table)} {\n${members.join('')}}\n`
}

function columnType({ table, name, type, isNullable, hasDefault }: Column): string {
  const plain = TYPES[type]
  if (plain === undefined) throw new Error(`give ${type} (${table}.${name}) a place in TYPES`)
  if (isNullable) return `${plain} | null`
  return hasDefault ? `Generated<${plain}>` : plain
}

/** `invoice_lines` is `InvoiceLines`. */
function typeName(table: string): string {
  return table.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The TypeScript of the tables that all migrations together make. */
async function migratedSchemaSource(): Promise<string> {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-generate-'))
  const log = silentLog()
  const server = await startEmbeddedPostgres({ dataFolder, log, settings: { fsync: 'off' } })
  try {
    await migrate({ url: server.url, log })
    return await schemaSource(server.url)
  } finally {
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

const SCHEMA_FILE = fileURLToPath(
  new URL('../apps/server/src/platform/db/schema.gen.ts', import.meta.url),
)

/** Writes the file, or with `check` only looks. Resolves to whether it was as the migrations make it. */
export async function generateSchema(mode: 'write' | 'check'): Promise<boolean> {
  const fresh = await migratedSchemaSource()
  const isSame = readFileSync(SCHEMA_FILE, 'utf8') === fresh
  if (!isSame && mode === 'write') writeFileSync(SCHEMA_FILE, fresh)
  return isSame
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mode = process.argv.includes('--check') ? 'check' : 'write'
  const isSame = await generateSchema(mode)
  const difference = mode === 'check' ? 'run npm run generate' : 'written'
  console.log(`schema: ${isSame ? 'as migrated' : difference}`)
  if (mode === 'check' && !isSame) process.exitCode = 1
}
