import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres } from '@usageflow/server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { openLog } from '@usageflow/server/src/platform/log.ts'
import pg from 'pg'
import type { Random } from './random.ts'

/** The PostgreSQL under the product, which this harness kills, looks into and never writes to. */
export type FaultDatabase = {
  readonly url: string
  readonly port: number
  /** Kills the server itself; `onKill` is called in the very moment. */
  killPostmaster(onKill: () => void): Promise<Outage>
  /** Kills the process that serves one connection of the product; `onKill` as above. */
  killBackend(random: Random, onKill: () => void): Promise<Outage>
  /** Ends a random connection of the product as an administrator would; false when there is none. */
  terminateConnection(random: Random): Promise<boolean>
  /**
   * Lets a process stand still for a while in the middle of storing events, as on a host that has no
   * time for it, so that later transactions commit before it. False when none was at it.
   */
  freezeWriter(forMs: number): Promise<boolean>
  connect(): Promise<pg.Client>
  stop(): Promise<void>
}

/** What a kill of PostgreSQL did; resolves when it accepts connections again. */
export type Outage = {
  /** Of `performance.now()`. */
  readonly killedAt: number
  readonly acceptedAt: Promise<number>
}

/** The name by which the harness is told from the product in `pg_stat_activity`. */
const OWN_NAME = 'faults'
const ACCEPT_TIMEOUT_MS = 60_000
const POLL_MS = 20
const KILL_TRIES_MAX = 10
const FIND_WRITER_MS_MAX = 2_500
const ANSWER_MS_MAX = 250

/** Starts a PostgreSQL in `folder` and keeps it running whatever kills it. */
export async function startDatabase(folder: string): Promise<FaultDatabase> {
  const log = openLog('silent')
  const server = await startEmbeddedPostgres({ dataFolder: folder, log })
  return databaseAt(folder, server.url, () => server.stop())
}

/** The PostgreSQL that the product runs itself in `folder`: there the product must bring it back. */
export async function databaseOfProduct(folder: string): Promise<FaultDatabase> {
  const access = path.join(folder, 'postgres.json')
  const { port, password } = JSON.parse(readFileSync(access, 'utf8')) as {
    port: number
    password: string
  }
  const url = `postgres://usageflow:${encodeURIComponent(password)}@127.0.0.1:${port}/usageflow`
  return databaseAt(folder, url, async () => {})
}

function databaseAt(folder: string, url: string, stop: () => Promise<void>): FaultDatabase {
  const connect = async () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: OWN_NAME,
      connectionTimeoutMillis: 1_000,
    })
    client.on('error', () => {}) // it dies with the server, on purpose
    await client.connect()
    return client
  }
  /** A connection of our own dies with all others: from then on the server has to come back. */
  const outage = async (pid: number, onKill: () => void): Promise<Outage> => {
    const witness = await connect()
    const died = new Promise<void>((resolve) => witness.once('end', () => resolve()))
    const killedAt = performance.now()
    try {
      process.kill(pid, 'SIGKILL')
      onKill()
    } catch (error) {
      await witness.end() // the process ended by itself a moment before
      throw error
    }
    return { killedAt, acceptedAt: died.then(() => acceptsAgain(connect)) }
  }
  return {
    url,
    port: Number(new URL(url).port),
    killPostmaster: (onKill) => outage(postmasterPid(folder), onKill),
    async killBackend(random, onKill) {
      for (let tries = 1; ; tries++) {
        const pid = await aConnection(connect, random)
        try {
          return await outage(pid, onKill)
        } catch (error) {
          if (tries === KILL_TRIES_MAX) throw error
        }
      }
    },
    async terminateConnection(random) {
      const client = await connect()
      try {
        const pids = await connectionsOfProduct(client)
        if (pids.length === 0) return false
        await client.query('select pg_terminate_backend($1)', [random.pick(pids)])
        return true
      } finally {
        await client.end()
      }
    },
    freezeWriter: (forMs) => freezeWriter(connect, forMs),
    connect,
    stop,
  }
}

function postmasterPid(folder: string): number {
  const [pid] = readFileSync(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
  return Number(pid)
}

/** A connection that does something, if one does: its process has most to lose. */
async function aConnection(connect: () => Promise<pg.Client>, random: Random): Promise<number> {
  const client = await connect()
  try {
    const deadline = performance.now() + 1_000
    for (;;) {
      const working = await connectionsOfProduct(client, 'active')
      if (working.length > 0) return random.pick(working)
      if (performance.now() > deadline) return random.pick(await connectionsOfProduct(client))
    }
  } finally {
    await client.end()
  }
}

const WRITERS = `select pid from pg_stat_activity
  where state = 'active' and backend_xid is not null and query ~ '(copy|insert into) usage_events'`

async function freezeWriter(connect: () => Promise<pg.Client>, forMs: number): Promise<boolean> {
  const client = await connect()
  try {
    const deadline = performance.now() + FIND_WRITER_MS_MAX
    while (performance.now() < deadline) {
      const { rows } = await client.query<{ pid: number }>(WRITERS)
      const [writer] = rows
      if (writer && (await freeze(client, writer.pid, forMs))) return true
    }
    return false
  } finally {
    await client.end()
  }
}

/** Stops the process; one that has committed meanwhile goes on at once. */
async function freeze(client: pg.Client, pid: number, forMs: number): Promise<boolean> {
  if (!signal(pid, 'SIGSTOP')) return false
  try {
    const again = client.query(`${WRITERS} and pid = $1`, [pid])
    const giveUp = sleep(ANSWER_MS_MAX, null, { ref: false }) // it may have stopped in the midst of saying what it does
    const isAtIt = (await Promise.race([again, giveUp]))?.rowCount === 1
    if (isAtIt) await sleep(forMs)
    return isAtIt
  } finally {
    signal(pid, 'SIGCONT')
  }
}

/** False when the process is gone. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function connectionsOfProduct(client: pg.Client, state = ''): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where backend_type = 'client backend' and application_name <> $1 and ($2 = '' or state = $2)`,
    [OWN_NAME, state],
  )
  return rows.map(({ pid }) => pid)
}

async function acceptsAgain(connect: () => Promise<pg.Client>): Promise<number> {
  const deadline = performance.now() + ACCEPT_TIMEOUT_MS
  for (;;) {
    try {
      const client = await connect()
      await client.query('select 1')
      await client.end()
      return performance.now()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(POLL_MS)
    }
  }
}
