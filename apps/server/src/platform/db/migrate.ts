import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Logger } from '../log.ts'
import { appRoleAvailable, grantAppRole, MIGRATIONS_TABLE } from './app-role.ts'
import { sqlState } from './database.ts'

export type MigrateOptions = {
  readonly url: string
  readonly log: Logger
  /** Holds `NNNN_name.sql` files, each one step forward. */
  readonly migrationsFolder?: string
}

/** The database has migrations that this program does not know: a newer program made it. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
}

type Migration = { readonly name: string; readonly file: string }

/**
 * Brings the schema to what this program needs, and returns the names of what was applied, in order.
 *
 * Any number of processes may call it at once: one works, the others wait for it. Each migration is
 * one transaction, so an interrupted call leaves whole steps behind. When there is nothing to do it
 * takes two small queries and no lock. Throws `SchemaTooNew` rather than run on a newer schema.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { url, log } = options
  const known = await knownMigrations(options.migrationsFolder ?? migrationsFolder())
  const client = new pg.Client({
    connectionString: url,
    application_name: 'usageflow migrate',
    options: '-c TimeZone=UTC -c statement_timeout=0',
  })
  client.on('error', () => {}) // the failing query reports it; unheard it would end the process
  await client.connect()
  try {
    if (await isUpToDate(client, known)) return []
    await lockMigrations(client, log)
    await client.query(MIGRATIONS_TABLE_DEFINITION)
    const pending = await pendingMigrations(client, known)
    for (const migration of pending) await applyUnderLoad(client, migration, log)
    await grantAppRole(client)
    return pending.map(({ name }) => name)
  } finally {
    await client.end() // gives the lock back, too
  }
}

const MIGRATIONS_TABLE_DEFINITION = `create table if not exists ${MIGRATIONS_TABLE} (
  name       text        primary key,
  applied_at timestamptz not null default now()
)`

/** The migrations of this program, whether it runs from its sources or from the bundle. */
export function migrationsFolder(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const migrations = path.join(folder, 'migrations')
    if (existsSync(path.join(migrations, '0001_identity.sql'))) return migrations
    if (folder === path.dirname(folder)) throw new Error('the folder of migrations is missing')
  }
}

async function knownMigrations(folder: string): Promise<Migration[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: path.basename(file, '.sql'), file: path.join(folder, file) }))
}

async function isUpToDate(client: pg.Client, known: readonly Migration[]): Promise<boolean> {
  const pending = await pendingMigrations(client, known)
  return pending.length === 0 && (await appRoleAvailable(client))
}

async function pendingMigrations(
  client: pg.Client,
  known: readonly Migration[],
): Promise<Migration[]> {
  const pending = new Map(known.map((migration) => [migration.name, migration]))
  const unknown = (await appliedMigrations(client)).filter((name) => !pending.delete(name))
  if (unknown.length > 0) {
    throw new SchemaTooNew(
      `The database has migrations that this UsageFlow does not know (${unknown.join(', ')}): a ` +
        'newer version made them. Run that version or a later one; this one might damage the data.',
    )
  }
  return [...pending.values()]
}

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  try {
    const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`)
    return rows.map((row) => row.name)
  } catch (error) {
    if (sqlState(error) === '42P01') return [] // the table is made with the first migration
    throw error
  }
}

const LOCK_NUMBER = 8_214_270_133 // of no meaning, and the same in every version
const LOCK_POLL_MS = 50

/** Asks again and again: a session that waited inside PostgreSQL would block `create index concurrently`. */
async function lockMigrations(client: pg.Client, log: Logger): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${LOCK_NUMBER}) as taken`,
    )
    if (rows[0]?.taken) return
    if (isFirst) log.info('waiting for another process that migrates the database')
    await sleep(LOCK_POLL_MS)
  }
}

const LOCK_TIMEOUT_MS = 500 // what waits for a table makes every later query of it wait as well
const LOCK_ATTEMPTS_MAX = 60
const LOCK_RETRY_MS = 1_000

/** Steps back when a table is busy, lets the traffic through, and tries again. */
async function applyUnderLoad(client: pg.Client, migration: Migration, log: Logger): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(client, migration)
    } catch (error) {
      await client.query('rollback')
      const isBusy = sqlState(error) === '55P03'
      if (!isBusy || attempt === LOCK_ATTEMPTS_MAX) {
        throw new Error(`migration ${migration.name}: ${(error as Error).message}`, {
          cause: error,
        })
      }
      log.warn({ name: migration.name }, 'a table that must be changed is busy; trying again')
    }
    await sleep(LOCK_RETRY_MS)
  }
}

async function apply(client: pg.Client, { name, file }: Migration): Promise<void> {
  const text = await readFile(file, 'utf8')
  await client.query('begin')
  await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`)
  await client.query(text)
  await client.query(`insert into ${MIGRATIONS_TABLE} (name) values ($1)`, [name])
  const { command } = await client.query('commit')
  if (command !== 'COMMIT') throw new Error('it was rolled back') // by a `rollback` inside
}
