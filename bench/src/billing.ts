/**
 * `npm run bench -- --billing N`: closes the month of N subscriptions with three prices and a hundred events each and
 * finalizes their invoices; once undisturbed, against the SQL that writes the same rows as sets, and once killed in
 * the middle.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { openDatabase } from '@usageflow/server/src/platform/db/database.ts'
import { migrate } from '@usageflow/server/src/platform/db/migrate.ts'
import { silentLog } from '@usageflow/server/src/platform/log.ts'
import { BILL, PREPARE } from './billing-sql.ts'
import { createOffer, multiply } from './billing-world.ts'
import { startPostgres, withClient } from './postgres.ts'

const WORKER = fileURLToPath(new URL('./billing-worker.ts', import.meta.url))
const NOW = '2026-04-02T00:00:00Z'
const POLL_MS = 20

/** Measures and checks a billing run; says on standard output what came out. Whether all held. */
export async function benchBilling(subscriptions: number): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-billing-'))
  const postgres = await startPostgres(path.join(folder, 'postgres'))
  try {
    const url = await prepared(postgres.url, subscriptions)
    for (const name of ['killed', 'bare']) await copyDatabase(postgres.url, 'run', name)
    const whole = await undisturbed(url)
    const bare = withName(postgres.url, 'bare')
    const sqlMs = await bareSql(bare)
    const wholeMs = whole.ms
    say(
      `${subscriptions} subscriptions: ${seconds(wholeMs)}, ${(wholeMs / subscriptions).toFixed(2)} ms each, ${Math.round(whole.bytesMax / 2 ** 20)} MB`,
    )
    say(`the same rows by set-based SQL: ${seconds(sqlMs)}; ${(wholeMs / sqlMs).toFixed(1)} times`)
    const isWhole = (await isRight(url, subscriptions)) && (await leaveTheSame([url, bare]))
    const killed = withName(postgres.url, 'killed')
    await killedHalfway(killed, subscriptions)
    return (await isRight(killed, subscriptions)) && isWhole
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function prepared(serverUrl: string, subscriptions: number): Promise<string> {
  await withClient(serverUrl, (client) => client.query('create database run'))
  const url = withName(serverUrl, 'run')
  await migrate({ url, log: silentLog() })
  const db = openDatabase({ url, log: silentLog() })
  try {
    await createOffer(db)
    await multiply(url, db, subscriptions)
  } finally {
    await db.end()
  }
  return url
}

async function copyDatabase(serverUrl: string, from: string, to: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(`create database ${to} template ${from}`))
}

/** Its own time: that of starting a process, which compiles our sources here, is none of a subscription's. */
async function undisturbed(url: string): Promise<{ ms: number; bytesMax: number }> {
  return JSON.parse(await outputOf(startWorker(url)))
}

async function bareSql(url: string): Promise<number> {
  return withClient(url, async (client) => {
    for (const text of PREPARE) await client.query(text)
    await client.query('vacuum analyze')
    const startedAt = performance.now()
    await client.query('begin')
    for (const text of BILL) await client.query(text)
    await client.query('commit')
    return performance.now() - startedAt
  })
}

/** Kills a process in the midst of the invoices, and has another one go on when its leases are over. */
async function killedHalfway(url: string, subscriptions: number): Promise<void> {
  const worker = startWorker(url)
  await withClient(url, async (client) => {
    const count = async () =>
      (await client.query('select count(*)::int as n from invoices')).rows[0].n
    while ((await count()) < subscriptions / 2) await sleep(POLL_MS)
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    say(`killed when ${await count()} invoices were there`)
    await client.query('update due set lease_until = now() where lease_until is not null')
  })
  await outputOf(startWorker(url))
}

async function isRight(url: string, subscriptions: number): Promise<boolean> {
  const { rows } = await withClient(url, (client) =>
    client.query(`select (select count(*)::int from invoices) as invoices, (select count(*)::int from invoice_states) as states,
      (select count(distinct subscription_id)::int from invoices) as subscriptions, (select count(*)::int from invoice_lines) as lines,
      (select max(substring(number from '[0-9]+$')::int) from invoices) as last_number`),
  )
  const [found] = rows
  say(JSON.stringify(found))
  const { lines, ...each } = found
  return (
    lines === 4 * subscriptions && Object.values(each).every((count) => count === subscriptions)
  )
}

/** Whether these databases hold as many rows of everything, and the same amounts: what was compared is the same work. */
async function leaveTheSame(urls: readonly string[]): Promise<boolean> {
  const [one, other] = await Promise.all(
    urls.map((url) =>
      withClient(url, async (client) => (await client.query(`${LEFT} order by 1`)).rows),
    ),
  )
  const isSame = isDeepStrictEqual(one, other)
  if (!isSame) say(`the rows differ: ${JSON.stringify(one)} and ${JSON.stringify(other)}`)
  return isSame
}

const TABLES = [
  ...[
    'subscription_periods',
    'invoice_states',
    'invoices',
    'invoice_lines',
    'invoice_line_coverage',
  ],
  ...[
    'invoice_numbers',
    'facts',
    'due',
    'customer_late_watches',
    'late_watches',
    'credit_balances',
  ],
]
const LEFT = [
  ...TABLES.map((name) => `select '${name}' as what, count(*)::text as much from ${name}`),
  `select 'amounts', sum(amount_minor)::text from invoice_lines`,
  `select 'totals', sum(total_minor)::text from invoices`,
].join(' union all ')

function startWorker(url: string): ChildProcess {
  const flags = [...process.execArgv, WORKER, url, NOW]
  return spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function outputOf(worker: ChildProcess): Promise<string> {
  let text = ''
  worker.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const [code] = await once(worker, 'close')
  if (code !== 0) throw new Error(`the worker ended with ${code}`)
  return text
}

function withName(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
