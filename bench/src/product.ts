import { type ChildProcess, execFile, spawn } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { joinEmbeddedPostgres } from '@usageflow/server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { freePort } from '@usageflow/server/src/platform/db/embedded-postgres/probe.ts'
import { silentLog } from '@usageflow/server/src/platform/log.ts'
import { z } from 'zod'
import { EVENT_NAME } from './events.ts'
import { postmasterOf, withClient } from './postgres.ts'
import { endWithUs, stopProcess } from './processes.ts'

/** UsageFlow as it is shipped: the built program with its own PostgreSQL, in a folder of its own. */
export type Product = {
  readonly port: number
  readonly apiKey: string
  readonly serverPid: number
  readonly postmasterPid: number
  /** Of its database, as the owner. */
  readonly databaseUrl: string
  readonly envId: number
  /** How many events the counting meter has counted, and the instant up to which that is all of them. */
  counted(): Promise<{ events: number; asOf: Date }>
  stop(): Promise<void>
}

const PROGRAM = path.join(import.meta.dirname, '../../apps/server/bin/usageflow.mjs')
const READY_MS_MAX = 30_000
const DAY_MS = 24 * 60 * 60 * 1_000
const COUNTING_METER = 'calls'

/** Starts the server on an empty data folder, with a tenant and three meters. */
export async function startProduct(dataFolder: string): Promise<Product> {
  const port = await freePort()
  const flags = ['--data', dataFolder, '--port', String(port), '--metrics-port', 'off']
  const child = spawn(PROGRAM, ['start', ...flags], {
    env: { ...process.env, NODE_ENV: 'production', USAGEFLOW_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  endWithUs(child)
  await untilReady(port, child)
  const { apiKey, databaseUrl, envId } = await prepareTenant(dataFolder, port)
  return {
    port,
    apiKey,
    serverPid: child.pid ?? 0,
    postmasterPid: await postmasterOf(databaseUrl),
    databaseUrl,
    envId,
    counted: () => countedUsage(port, apiKey),
    stop: () => stopProcess(child),
  }
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  const start = performance.now()
  while (performance.now() - start < READY_MS_MAX) {
    if (child.exitCode !== null) throw new Error('the server ended before it was ready')
    const status = await fetch(`http://127.0.0.1:${port}/ready`).then(
      (answer) => answer.status,
      () => 0, // nobody listens yet
    )
    if (status === 200) return
    await sleep(50)
  }
  throw new Error('the server did not become ready')
}

/** What the meters of the tenant read: a counting, a filtered and a unique one. */
const METERS = [
  { key: COUNTING_METER, aggregation: 'COUNT' },
  {
    key: 'refused-calls',
    aggregation: 'SUM',
    filter: { property: 'status', operator: 'gte', value: 400 },
  },
  { key: 'users', aggregation: 'UNIQUE', valueProperty: 'user' },
]

/** An organization with a key and the meters. */
async function prepareTenant(dataFolder: string, port: number) {
  const { apiKey } = await makeOrganization(dataFolder, 'Bench')
  for (const meter of METERS) {
    const body = { name: meter.key, eventName: EVENT_NAME, ...meter }
    await call(port, apiKey, { method: 'POST', url: '/api/v1/meters', body })
  }
  const { url } = await joinEmbeddedPostgres({ dataFolder, log: silentLog() })
  const envId = await withClient(url, async (client) => {
    const { rows } = await client.query<{ env_id: number }>(
      `select env_id from environments where mode = 'live'`,
    )
    return rows[0]?.env_id ?? 0
  })
  return { apiKey, databaseUrl: url, envId }
}

/** Another organization of the server whose data is there, with a key of its live environment. */
export async function makeOrganization(
  dataFolder: string,
  name: string,
): Promise<{ apiKey: string }> {
  const { id } = z
    .object({ id: z.string() })
    .parse(await usageflow(dataFolder, ['org', 'create', name]))
  const { key } = z
    .object({ key: z.string() })
    .parse(await usageflow(dataFolder, ['key', 'create', id, '--mode', 'live']))
  return { apiKey: key }
}

/** Runs the command line beside the server. */
async function usageflow(dataFolder: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    PROGRAM,
    ...args,
    '--json',
    '--data',
    dataFolder,
  ])
  return JSON.parse(stdout)
}

const usageReply = z.object({ total: z.object({ quantity: z.string() }), asOf: z.string() })

/** Asked for whole days, which are read where they are counted and nowhere else. */
async function countedUsage(port: number, apiKey: string) {
  const now = Date.now()
  const today = now - (now % DAY_MS)
  const from = new Date(today - 40 * DAY_MS).toISOString()
  const to = new Date(today + 2 * DAY_MS).toISOString()
  const query = new URLSearchParams({ meter: COUNTING_METER, from, to })
  const answer = await call(port, apiKey, { method: 'GET', url: `/api/v1/usage?${query}` })
  const { total, asOf } = usageReply.parse(answer)
  return { events: Number(total.quantity), asOf: new Date(asOf) }
}

async function call(
  port: number,
  apiKey: string,
  request: { readonly method: 'GET' | 'POST'; readonly url: string; readonly body?: object },
): Promise<unknown> {
  const { method, url, body } = request
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, {
    method,
    headers: {
      'x-usageflow-api-key': apiKey,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
