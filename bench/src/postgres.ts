import { startEmbeddedPostgres } from '@usageflow/server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { silentLog } from '@usageflow/server/src/platform/log.ts'
import pg from 'pg'
import { parentOf } from './machine.ts'

/** A PostgreSQL of the same kind, and with the same settings, as the server brings along. */
export type BenchPostgres = {
  readonly url: string
  readonly postmasterPid: number
  stop(): Promise<void>
}

export async function startPostgres(dataFolder: string): Promise<BenchPostgres> {
  const postgres = await startEmbeddedPostgres({ dataFolder, log: silentLog() })
  const postmasterPid = await postmasterOf(postgres.url)
  return { url: postgres.url, postmasterPid, stop: postgres.stop }
}

/** The process that all others of this PostgreSQL are children of; 0 where that cannot be read. */
export function postmasterOf(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return parentOf(rows[0]?.pid ?? 0) ?? 0
  })
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
