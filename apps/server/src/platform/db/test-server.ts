import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { silentLog } from '../log.ts'
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts'
import { withClient } from './embedded-postgres/probe.ts'
import { migrate } from './migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all test files of a run share. */
    readonly testServerUrl: string
  }
}

/** A migrated database that nobody connects to: the databases of the test files are copies of it. */
export const TEMPLATE_DATABASE = 'usageflow_template'

/**
 * Vitest calls this once for a run, before the first test file: a PostgreSQL in a folder of its
 * own. It runs as in production, save that nothing waits for the disk (what a test run wrote need
 * not survive a power cut) and that the servers of several test files find room. Tests of durability start a server of their own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-test-'))
  const log = silentLog()
  const server = await startEmbeddedPostgres({
    dataFolder,
    log,
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '400' },
  })
  const stop = async () => {
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
  try {
    await withClient(server.url, (client) => client.query(`create database ${TEMPLATE_DATABASE}`))
    await migrate({ url: withDatabase(server.url, TEMPLATE_DATABASE), log })
  } catch (error) {
    await stop() // else a migration that is being written leaves a server behind
    throw error
  }
  project.provide('testServerUrl', server.url)
  return stop
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}
