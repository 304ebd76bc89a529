/**
 * `npm run simulate-years`: years of organizations, subscriptions and usage in a moment, on a real
 * PostgreSQL, while schedulers die at their work and take over from each other; then every promise about
 * periods, invoices, credits and facts is checked, and every invoice recomputed from its raw events.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { APP_ROLE } from '../apps/server/src/platform/db/app-role.ts'
import { openDatabase } from '../apps/server/src/platform/db/database.ts'
import { startEmbeddedPostgres } from '../apps/server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { withClient } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { migrate } from '../apps/server/src/platform/db/migrate.ts'
import { silentLog } from '../apps/server/src/platform/log.ts'
import { DEFECTS, simulationOf } from './simulate-years/defects.ts'
import { INDEXES } from './simulate-years/recompute.ts'
import type { SeedResult, SimulationSize } from './simulate-years/seed.ts'
import { hasPython, type Oracle, startOracle } from './verify-pricing/oracle.ts'

const CHECK_MS_MAX = 300_000 // reading all that years of a thousand subscriptions have left

const USAGE = `npm run simulate-years -- [options]

  --seeds N           how many simulations, one after the other (default: 5)
  --from N            the number of the first (default: 1)
  --organizations N   of each (default: 20)
  --subscriptions N   of each organization (default: 50)
  --years N           virtual ones (default: 3)
  --defect NAME       breaks a copy of the product first, which must be noticed
                      (${Object.keys(DEFECTS).join(', ')})`

type Options = SimulationSize & {
  readonly seeds: number
  readonly from: number
  readonly defect: string | null
}

/** Resolves to the exit code: 0 when every promise held. */
async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  if (!hasPython()) throw new Error('python3 is needed for the second implementation')
  const options = readOptions(argv)
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-years-'))
  const log = silentLog()
  // What a simulation wrote need not survive a power cut.
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }
  const postgres = await startEmbeddedPostgres({ dataFolder, log, settings })
  const oracle = startOracle()
  try {
    return await runSeeds(options, postgres.url, oracle)
  } finally {
    oracle.stop()
    await postgres.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

async function runSeeds(options: Options, serverUrl: string, oracle: Oracle): Promise<number> {
  const { seeds, from, defect } = options
  let isFine = true
  for (let seed = from; seed < from + seeds; seed++)
    isFine = (await runSeed(seed, options, { serverUrl, oracle })) && isFine
  if (defect === null) return isFine ? 0 : 1
  console.log(isFine ? `NOT NOTICED: ${defect}` : `noticed: ${defect}`)
  return isFine ? 0 : 1
}

async function runSeed(
  seed: number,
  options: Options,
  { serverUrl, oracle }: { readonly serverUrl: string; readonly oracle: Oracle },
): Promise<boolean> {
  const { simulate, prepare } = await simulationOf(options.defect)
  const startedAt = performance.now()
  const url = new URL(serverUrl)
  url.pathname = `/seed_${seed}`
  const name = `seed_${seed}`
  await withClient(serverUrl, (client) => client.query(`create database ${name}`))
  await migrate({ url: url.href, log: silentLog() })
  await withClient(url.href, (client) => client.query(`${INDEXES}; ${prepare}`))
  const connection = { url: url.href, log: silentLog(), role: APP_ROLE }
  const db = openDatabase({ ...connection, statementTimeoutMs: CHECK_MS_MAX })
  try {
    const result = await simulate(db, oracle, { seed: String(seed), size: options })
    return tell(seed, options, result, (performance.now() - startedAt) / 1_000)
  } finally {
    await db.end()
    await withClient(serverUrl, (client) => client.query(`drop database ${name} with (force)`))
  }
}

/** Says what came of a seed; returns whether all held. */
function tell(
  seed: number,
  size: Options,
  { findings, counts }: SeedResult,
  seconds: number,
): boolean {
  const { organizations, subscriptions, years } = size
  const subscriptionYears = organizations * subscriptions * years
  console.log(
    `seed ${seed}: ${subscriptionYears} subscription-years in ${seconds.toFixed(0)} s, ${(subscriptionYears / seconds).toFixed(1)} a second`,
  )
  console.log(
    `  ${Object.entries(counts)
      .map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`)
      .join(', ')}`,
  )
  const broken = findings.filter((finding) => finding.broken.length > 0)
  for (const finding of broken) {
    console.log(`  BROKEN: ${finding.name}`)
    for (const example of finding.broken) console.log(`    ${JSON.stringify(example)}`)
  }
  if (broken.length > 0) console.log(`  Again: npm run simulate-years -- --seeds 1 --from ${seed}`)
  else console.log(`  all ${new Set(findings.map(({ name }) => name)).size} promises hold`)
  return broken.length === 0
}

function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: 'string', default: '5' },
      from: { type: 'string', default: '1' },
      organizations: { type: 'string', default: '20' },
      subscriptions: { type: 'string', default: '50' },
      years: { type: 'string', default: '3' },
      defect: { type: 'string' },
    },
  })
  const { defect = null, ...numbers } = values
  if (defect !== null && DEFECTS[defect] === undefined) throw new Error(USAGE)
  const count = (name: keyof typeof numbers): number => {
    const number = Number(numbers[name])
    if (!Number.isSafeInteger(number) || number < 1)
      throw new Error(`--${name} takes a whole number`)
    return number
  }
  return {
    ...{ seeds: count('seeds'), from: count('from'), years: count('years') },
    ...{ organizations: count('organizations'), subscriptions: count('subscriptions') },
    defect,
  }
}

process.exitCode = await run(process.argv.slice(2)).catch((error) => {
  console.error(error)
  return 2
})
