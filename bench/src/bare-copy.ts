import pg from 'pg'
import { buildRows, copyRows, renewRowKeys } from './copy-rows.ts'
import { cpuPerEvent, type Measurement, percentiles, readCpu, type Times } from './measure.ts'
import { type BenchPostgres, withClient } from './postgres.ts'

const CONNECTIONS = 2
const BATCH_ROWS = 2_000

// The columns and the key of `usage_events`, and nothing else: no index for the roll-up, no trigger.
const TABLE = `create table if not exists bare_events (
  env_id integer not null,
  key uuid not null,
  fingerprint bigint not null,
  occurred_at timestamptz not null,
  sequence bigint not null,
  name text not null,
  customer text not null,
  amount numeric(38,12) not null check (amount >= 0 and amount < 1e26),
  metadata text,
  xid bigint not null default txid_current(),
  key_text text,
  import_no integer,
  primary key (env_id, key)
)`

/**
 * The same rows as fast as PostgreSQL takes them under the same key: no HTTP, no checks, nothing
 * counted. No server that stores one row an event in this PostgreSQL can be faster.
 */
export async function measureBareCopy(postgres: BenchPostgres, times: Times): Promise<Measurement> {
  await withClient(postgres.url, async (client) => {
    await client.query(TABLE)
    await client.query('truncate bare_events')
  })
  const clients = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => connectedTo(postgres.url)),
  )
  const site = { serverPid: process.pid, postmasterPid: postgres.postmasterPid }
  const measureFrom = performance.now() + times.warmUpMs
  const window = { measureFrom, measureTo: measureFrom + times.measureMs }
  let before = readCpu(site)
  const warm = setTimeout(() => {
    before = readCpu(site)
  }, times.warmUpMs)
  const latencies = await Promise.all(clients.map((client, nth) => copyUntil(client, nth, window)))
  clearTimeout(warm)
  const after = readCpu(site)
  await Promise.all(clients.map((client) => client.end()))
  const latenciesMs = latencies.flat()
  const events = latenciesMs.length * BATCH_ROWS
  return {
    eventsPerSecond: (events / times.measureMs) * 1_000,
    ...percentiles(latenciesMs),
    ...cpuPerEvent(before, after, events),
    loadUs: null,
    rollUpMs: null,
    behindMs: null,
    peakMemoryMb: null,
  }
}

async function connectedTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

async function copyUntil(
  client: pg.Client,
  nth: number,
  window: { readonly measureFrom: number; readonly measureTo: number },
): Promise<number[]> {
  const until = new Date()
  const rows = buildRows(BATCH_ROWS, { envId: 1, first: nth * BATCH_ROWS, until, spreadMs: 0 })
  const latenciesMs: number[] = []
  while (performance.now() < window.measureTo) {
    renewRowKeys(rows)
    const sentAt = performance.now()
    await copyRows(client, 'bare_events', rows)
    const doneAt = performance.now()
    if (doneAt >= window.measureFrom && doneAt < window.measureTo) latenciesMs.push(doneAt - sentAt)
  }
  return latenciesMs
}
