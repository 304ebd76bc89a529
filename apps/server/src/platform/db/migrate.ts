import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
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

/**
 * Brings the schema to what this program needs, and returns what was applied, in order.
 *
 * Any number of processes may call it at once: one works, the others wait for it. Each migration is
 * one transaction, so an interrupted call leaves whole steps behind. When there is nothing to do it
 * takes two small queries and no lock. Throws `SchemaTooNew` rather than run on a newer schema.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const folder = options.migrationsFolder ?? migrationsFolder()
  const known = await knownMigrations(folder)
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'usageflow migrate',
    options: '-c TimeZone=UTC -c statement_timeout=0',
  })
  client.on('error', () => {}) // the failing query reports it; unheard it would end the process
  await client.connect()
  try {
    if (await isUpToDate(client, known)) return []
    await lockMigrations(client, options.log)
    const pending = await pendingMigrations(client, known)
    if (pending.length > 0) await applyUnderLoad(client, folder, options.log)
    await grantAppRole(client)
    if (!(await appRoleAvailable(client))) {
      options.log.warn('this database user may not make roles: working as the owner of the tables')
    }
    return pending
  } finally {
    await client.end() // gives the lock back, too
  }
}

/** The migrations of this program, whether it runs from its sources or from the bundle. */
export function migrationsFolder(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const migrations = path.join(folder, 'migrations')
    if (existsSync(path.join(migrations, '0001_identity.sql'))) return migrations
    if (folder === path.dirname(folder)) throw new Error('the folder of migrations is missing')
  }
}

async function knownMigrations(folder: string): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => path.basename(file, '.sql'))
    .sort()
}

async function isUpToDate(client: pg.Client, known: readonly string[]): Promise<boolean> {
  const pending = await pendingMigrations(client, known)
  return pending.length === 0 && (await appRoleAvailable(client))
}

async function pendingMigrations(client: pg.Client, known: readonly string[]): Promise<string[]> {
  const applied = new Set(await appliedMigrations(client))
  const unknown = [...applied].filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new SchemaTooNew(
      `The database has migrations that this UsageFlow does not know (${unknown.join(', ')}): a ` +
        'newer version made them. Run that version or a later one; this one might damage the data.',
    )
  }
  return known.filter((name) => !applied.has(name))
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
async function applyUnderLoad(client: pg.Client, folder: string, log: Logger): Promise<void> {
  await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`)
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyPending(client, folder, log)
    } catch (error) {
      if (sqlState(error) !== '55P03' || attempt === LOCK_ATTEMPTS_MAX) throw error
      log.warn('a table that must be changed is busy; trying again in a second')
      await client.query('rollback')
    }
    await sleep(LOCK_RETRY_MS)
  }
}

async function applyPending(client: pg.Client, folder: string, log: Logger): Promise<void> {
  const { runner } = await import('node-pg-migrate') // 0.1 s, and most starts have nothing to apply
  await runner({
    dbClient: client,
    dir: folder,
    direction: 'up',
    migrationsTable: MIGRATIONS_TABLE,
    singleTransaction: false, // each migration has its own
    noLock: true, // ours waits without a snapshot, and is not subject to lock_timeout
    logger: {
      debug: () => {},
      info: (text) => log.debug(text),
      warn: (text) => log.warn(text),
      error: (text) => log.error(text),
    },
  })
}
