import { randomBytes } from 'node:crypto'
import { test as base, inject } from 'vitest'
import { newId } from '../id.ts'
import { silentLog } from '../log.ts'
import { APP_ROLE } from './app-role.ts'
import { type Database, openDatabase } from './database.ts'
import { withClient } from './embedded-postgres/probe.ts'
import { TEMPLATE_DATABASE, withDatabase } from './test-server.ts'
import type { Tx } from './transaction.ts'

/** The database of one test file: migrated, empty, shared by the tests of the file. */
export type TestDatabase = {
  /** Of its owner, who may do everything. */
  readonly url: string
  /** As the program has it: opened as the role that may not change history. */
  readonly database: Database
}

let opened: Promise<TestDatabase> | undefined

/** The database of the calling test file, made on the first call and dropped after its last test. */
export function testDatabase(): Promise<TestDatabase> {
  opened ??= openTestDatabase()
  return opened
}

/** Ends what `testDatabase` gave the calling test file: `test-db-end.ts` calls it after each. */
export async function dropTestDatabase(): Promise<void> {
  if (!opened) return
  const { url, database } = await opened
  opened = undefined
  await database.end()
  const name = new URL(url).pathname.slice(1)
  await withClient(inject('testServerUrl'), (client) =>
    client.query(`drop database ${name} with (force)`),
  )
}

async function openTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('testServerUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  await withClient(serverUrl, (client) =>
    client.query(`create database ${name} template ${TEMPLATE_DATABASE}`),
  )
  const url = withDatabase(serverUrl, name)
  const log = silentLog()
  const connectTimeoutMs = 30_000 // of a machine that does much else
  return { url, database: openDatabase({ url, log, role: APP_ROLE, connectTimeoutMs }) }
}

/** Runs `work` in a transaction of its own and commits: for tests of what happens between transactions. */
export async function inOwnTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const { database } = await testDatabase()
  return database.inTransaction(work)
}

/** Ends the transaction of a test that went well. */
class Undo extends Error {}

/** `test` with a transaction that is rolled back, so that a test finds nothing of another's. */
export const dbTest = base.extend<{ tx: Tx }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from it
  tx: async ({}, use) => {
    const undone = inOwnTransaction(async (tx) => {
      await use(tx)
      throw new Undo()
    })
    await undone.catch((error) => {
      if (!(error instanceof Undo)) throw error
    })
  },
})

/** For tests: an organization of its own with one environment in real time; returns its `env_id`. */
export async function anEnvironment(tx: Tx, mode: 'live' | 'test' = 'live'): Promise<number> {
  const id = newId('org')
  const now = new Date()
  await tx.insertInto('organizations').values({ id, name: 'Test', created_at: now }).execute()
  const { env_id } = await tx
    .insertInto('environments')
    .values({ organization_id: id, mode, created_at: now })
    .returning('env_id')
    .executeTakeFirstOrThrow()
  await tx.insertInto('environment_clocks').values({ env_id }).execute()
  return env_id
}
