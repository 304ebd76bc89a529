/**
 * `npm run verify:periods`: the periods of every anchor day of six years, for every cycle, in sixty zones,
 * and of years in which clocks did something odd, compared with PostgreSQL's calendar and time zone data.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '../apps/server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { withClient } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { silentLog } from '../apps/server/src/platform/log.ts'
import type { Findings } from './verify-periods/check.ts'
import { type AnchorSpan, PAST, PRESENT } from './verify-periods/spans.ts'

const WORKER = fileURLToPath(new URL('./verify-periods/worker.ts', import.meta.url))

const USAGE = `npm run verify:periods -- [options]

  --zone NAME   only the spans of this zone
  --help        this text`

/** Resolves to the exit code: 0 when every period is as PostgreSQL says. */
async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const [flag, zone] = argv
  if (flag !== undefined && (flag !== '--zone' || zone === undefined)) throw new Error(USAGE)
  const spans = [...PAST, ...PRESENT].filter(({ timeZone }) => [undefined, timeZone].includes(zone))
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-periods-'))
  const log = silentLog()
  const settings = { fsync: 'off', full_page_writes: 'off' } // it stores nothing
  const postgres = await startEmbeddedPostgres({ dataFolder, log, settings })
  try {
    return await verify(spans, postgres.url)
  } finally {
    await postgres.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

async function verify(spans: readonly AnchorSpan[], url: string): Promise<number> {
  const startedAt = performance.now()
  const versions = await versionsOf(url)
  console.log(versions)
  const all = await checkAll(spans, url)
  const periods = all.reduce((so, findings) => so + findings.periods, 0)
  const differences = all.reduce((so, findings) => so + findings.differences, 0)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const zones = new Set(spans.map(({ timeZone }) => timeZone)).size
  console.log(`${periods.toLocaleString('en-US')} periods in ${zones} zones, ${seconds} s`)
  console.log(
    `${differences.toLocaleString('en-US')} differences${differences > 0 ? ` (${versions})` : ''}`,
  )
  return differences === 0 && periods > 0 ? 0 : 1
}

/** PostgreSQL names no version of its time zone data: its own version stands for it. */
async function versionsOf(url: string): Promise<string> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ server_version: string }>('show server_version'),
  )
  return `time zone data: ours ${process.versions.tz} of Node ${process.versions.node}, theirs of PostgreSQL ${rows[0]?.server_version}`
}

/** The findings of all spans, by as many processes as there are cores. */
async function checkAll(spans: readonly AnchorSpan[], url: string): Promise<Findings[]> {
  const waiting = [...spans]
  const found: Findings[] = []
  const lane = async (): Promise<void> => {
    const worker = fork(WORKER, [url])
    const failed = once(worker, 'exit').then(() => {
      throw new Error('a process ended before it had checked its zone')
    })
    failed.catch(() => {}) // it ends when all is done as well
    try {
      for (let span = waiting.shift(); span !== undefined; span = waiting.shift()) {
        worker.send(span)
        const findings = await Promise.race([answerOf(worker), failed])
        found.push(findings)
        tell(span, findings, `${found.length} of ${spans.length}`)
      }
    } finally {
      worker.kill()
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, lane))
  return found
}

async function answerOf(worker: ChildProcess): Promise<Findings> {
  const [findings] = await once(worker, 'message')
  return findings as Findings // all that a worker sends
}

function tell({ timeZone, from, to }: AnchorSpan, findings: Findings, progress: string): void {
  const { periods, differences, examples } = findings
  const counted = `${periods.toLocaleString('en-US')} periods, ${differences.toLocaleString('en-US')} differences`
  console.log(`${progress}: ${timeZone}, anchors ${from} to ${to}: ${counted}`)
  for (const { anchor, cycle, n, ours, theirs } of examples)
    console.log(`  ${anchor.local} ${cycle} ${n}\n    ours   ${ours}\n    theirs ${theirs}`)
}

process.exitCode = await run(process.argv.slice(2)).catch((error) => {
  console.error(error)
  return 2
})
