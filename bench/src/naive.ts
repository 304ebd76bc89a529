import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { freePort } from '@usageflow/server/src/platform/db/embedded-postgres/probe.ts'
import { type BenchPostgres, withClient } from './postgres.ts'
import { endWithUs, stopProcess } from './processes.ts'

export type NaiveServer = {
  readonly port: number
  readonly apiKey: string
  readonly serverPid: number
  readonly postmasterPid: number
  /** Forgets all events. */
  empty(): Promise<void>
  stop(): Promise<void>
}

const API_KEY = 'naive'
const ORGANIZATION = '6f0d0c1e-7a9b-4b6e-9a2c-0d5c3f2b1a00'

/** Starts the server one would write first, on the given PostgreSQL. */
export async function startNaiveServer(postgres: BenchPostgres): Promise<NaiveServer> {
  const port = await freePort()
  const child = fork(
    path.join(import.meta.dirname, 'naive-server.ts'),
    [String(port), postgres.url, API_KEY, ORGANIZATION],
    { execArgv: ['--import', 'tsx'], env: { ...process.env, NODE_ENV: 'production' } },
  )
  endWithUs(child)
  await once(child, 'message')
  return {
    port,
    apiKey: API_KEY,
    serverPid: child.pid ?? 0,
    postmasterPid: postgres.postmasterPid,
    empty: async () => {
      await withClient(postgres.url, (client) => client.query('truncate naive_events'))
    },
    stop: () => stopProcess(child),
  }
}
