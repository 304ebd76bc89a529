import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { type Config, ConfigError } from '../config.ts'
import { rebaseCursors } from '../metering/rebase-cursors.ts'
import { APP_ROLE, appRoleAvailable } from '../platform/db/app-role.ts'
import { assertDurable } from '../platform/db/durability.ts'
import {
  joinEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../platform/db/embedded-postgres/embedded-postgres.ts'
import { migrate } from '../platform/db/migrate.ts'
import type { Logger } from '../platform/log.ts'
import {
  type EncryptionKeys,
  newEncryptionKey,
  parseEncryptionKeys,
} from '../platform/secrets/seal.ts'

/** The database a program stands on, migrated and checked, and the keys that open its secrets. */
export type Ground = {
  readonly url: string
  /** The role to work as; null when the database's owner could not make one. */
  readonly role: string | null
  readonly encryptionKeys: EncryptionKeys
  /** Stops the embedded PostgreSQL if this process started it. */
  close(): Promise<void>
}

/**
 * Opens the database of `DATABASE_URL`, or the embedded one of the data folder. A server holds the
 * folder alone; a tool (`isTool`) joins a server that runs, or starts PostgreSQL for as long as it works.
 */
export async function openGround(config: Config, log: Logger, isTool: boolean): Promise<Ground> {
  const postgres = await openPostgres(config, log, isTool)
  try {
    const encryptionKeys = readEncryptionKeys(config)
    const role = await prepare(postgres.url, log)
    return { url: postgres.url, role, encryptionKeys, close: postgres.stop }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

async function openPostgres(
  config: Config,
  log: Logger,
  isTool: boolean,
): Promise<{ url: string; stop(): Promise<void> }> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, stop: async () => {} }
  const shared = config.postgresSharedBuffers
  const settings = shared === null ? {} : { shared_buffers: shared }
  const options = { dataFolder: config.dataFolder, port: config.postgresPort, settings, log }
  return isTool ? joinEmbeddedPostgres(options) : startEmbeddedPostgres(options)
}

/** Checks, migrates, and finds the role to work as. */
async function prepare(url: string, log: Logger): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, application_name: 'usageflow start' })
  client.on('error', (error) =>
    log.warn({ err: error }, 'the database connection of the start was lost'),
  )
  await client.connect()
  try {
    await assertDurable(client)
    for (const name of await migrate({ url, log })) log.info({ name }, 'migrated')
    await rebaseCursors(client, log)
    if (await appRoleAvailable(client)) return APP_ROLE
    log.warn(
      'working as the owner of the tables: let its user create roles, and history is guarded twice',
    )
    return null
  } finally {
    await client.end()
  }
}

const KEY_FILE = 'usageflow.key'

/**
 * The keys of the settings, else those of the data folder, where one is made on the first start. There is no
 * default: with a database elsewhere, several machines must be given the same key.
 */
function readEncryptionKeys(config: Config): EncryptionKeys {
  if (config.encryptionKey !== null) return readKeys(config.encryptionKey)
  if (config.databaseUrl !== null)
    throw new ConfigError(
      'USAGEFLOW_ENCRYPTION_KEY: needed with DATABASE_URL, the same for all processes. Make one with: openssl rand -base64 32',
    )
  const file = path.join(config.dataFolder, KEY_FILE)
  if (!existsSync(file)) createKeyFile(file)
  return readKeys(readFileSync(file, 'utf8'), file)
}

function readKeys(text: string, file?: string): EncryptionKeys {
  try {
    return parseEncryptionKeys(text)
  } catch (error) {
    const message = error instanceof RangeError ? error.message : String(error)
    throw new ConfigError(file ? message.replace('USAGEFLOW_ENCRYPTION_KEY', file) : message)
  }
}

/** A server and a tool may start together on a new folder: the first one's key holds, and is never seen half written. */
function createKeyFile(file: string): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${newEncryptionKey()}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}
