import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { benchAccess } from './access.ts'
import { benchAgents } from './agents.ts'
import { benchBilling } from './billing.ts'
import { CASES, type Case, type Contestants, untilCounted } from './cases.ts'
import { benchDashboard } from './dashboard.ts'
import { describeMachine } from './machine.ts'
import type { Measurement } from './measure.ts'
import { startNaiveServer } from './naive.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { startPostgres, withClient } from './postgres.ts'
import { type Product, startProduct } from './product.ts'
import { missedFloors, reportText, type Series } from './report.ts'
import { settleRows, storeRows } from './stored-rows.ts'
import { benchWalls } from './walls.ts'

const RESULTS = path.join(import.meta.dirname, '../results')

/** What the options ask for. Whether what was promised is kept. */
function chosen(options: Options): Promise<boolean> {
  if (options.billing !== null) return benchBilling(options.billing)
  if (options.dashboard !== null) return benchDashboard(options.dashboard)
  if (options.agents) return benchAgents(options)
  if (options.walls) return benchWalls(options)
  return options.access ? benchAccess(options) : bench(options)
}

/** Measures the chosen cases in interleaved rounds and prints what came out. */
async function bench(options: Options): Promise<boolean> {
  const cases = CASES.filter(({ name }) => options.only === null || name.includes(options.only))
  if (cases.length === 0) throw new Error(`no case has "${options.only}" in its name`)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-bench-'))
  const stops: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true })]
  try {
    const contestants = await startContestants(folder, cases, options, stops)
    const runs = await runRounds(cases, contestants, options)
    const series = [...runs].map(([name, runs]) => ({ name, runs }))
    await publish(series, contestants, options)
    return missedFloors(series).length === 0
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Starts whom the cases need, each on a PostgreSQL of the same kind. */
async function startContestants(
  folder: string,
  cases: readonly Case[],
  options: Options,
  stops: (() => Promise<void>)[],
): Promise<Contestants> {
  const needed = new Set(cases.flatMap((one) => one.needs))
  const postgres = await startPostgres(path.join(folder, 'postgres'))
  stops.push(postgres.stop)
  const naive = needed.has('naive') ? await startNaiveServer(postgres) : null
  if (naive) stops.push(naive.stop)
  const stored = needed.has('stored') ? await startProduct(path.join(folder, 'stored')) : null
  if (stored) {
    stops.push(stored.stop)
    await fill(stored, options.storedRows)
  }
  return {
    folder,
    postgres,
    ...(naive ? { naive } : {}),
    ...(stored ? { stored } : {}),
  }
}

async function fill(product: Product, rows: number): Promise<void> {
  say(`storing ${rows.toLocaleString('en')} rows`)
  await storeRows(product, rows)
  await settleRows(product.databaseUrl)
  await untilCounted(product, rows)
}

/** A B C A B C …: a machine that slows down for a while slows all of them. */
async function runRounds(
  cases: readonly Case[],
  contestants: Contestants,
  options: Options,
): Promise<Map<string, Measurement[]>> {
  const runs = new Map<string, Measurement[]>(cases.map(({ name }) => [name, []]))
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const one of cases) {
      const run = await one.run(contestants, options)
      runs.get(one.name)?.push(run)
      const rate = Math.round(run.eventsPerSecond).toLocaleString('en')
      say(`round ${round} of ${options.rounds}: ${one.name}: ${rate} events/s`)
    }
  }
  return runs
}

async function publish(
  series: readonly Series[],
  contestants: Contestants,
  options: Options,
): Promise<void> {
  const commit = execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], {
    encoding: 'utf8',
  }).trim()
  const date = new Date().toISOString().slice(0, 10)
  const version = await versionOf(contestants.postgres.url)
  const head = [
    `# UsageFlow bench, ${date}, ${commit}`,
    '',
    `${describeMachine()}, PostgreSQL ${version}; the load on the same cores.`,
    `Medians of ${options.rounds} interleaved rounds of ${options.measureMs / 1_000} s; stored rows: ${options.storedRows.toLocaleString('en')}.`,
  ]
  const text = reportText(head, series)
  process.stdout.write(`\n${text}`)
  if (!options.save) return
  mkdirSync(RESULTS, { recursive: true })
  const file = path.join(RESULTS, `${date}-${commit}`)
  writeFileSync(`${file}.md`, text)
  writeFileSync(`${file}.json`, `${JSON.stringify({ date, commit, options, series }, null, 2)}\n`)
  say(`kept as bench/results/${path.basename(file)}.md`)
}

async function versionOf(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  })
}

/** Progress goes beside the table, so that the table alone can be kept. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

if (process.argv.includes('--help')) {
  say(USAGE)
} else {
  const options = readOptions(process.argv.slice(2))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const isGood = await chosen(options)
  const { billing, access, dashboard, walls, agents } = options
  const isAlwaysJudged = billing !== null || dashboard !== null || access || walls || agents
  if ((options.floors || isAlwaysJudged) && !isGood) process.exitCode = 1
}
