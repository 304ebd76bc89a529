/**
 * `npm run bench -- --dashboard`: how long somebody with 10,000 customers and a million events waits for the overview
 * in a browser that was never there, and for each list.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startServerProcess } from '../../tools/server-process.ts'
import { firstSights, type Sight } from './dashboard-browser.ts'
import { askEach, type CallTimes } from './dashboard-calls.ts'
import { fillWorld, openWorld } from './dashboard-world.ts'
import { startPostgres } from './postgres.ts'

const FIRST_PAINT_MS_MAX = 1_500
const CALL_P95_MS_MAX = 100

/** Measures and says on standard output what came out. Whether all was as quick as promised. */
export async function benchDashboard(customers: number): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-dashboard-'))
  const postgres = await startPostgres(path.join(folder, 'postgres'))
  try {
    const filled = await fillWorld(postgres.url, customers)
    const server = await startServerProcess({
      DATABASE_URL: filled.url,
      USAGEFLOW_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      USAGEFLOW_WEBHOOK_NETWORKS: '127.0.0.1/32',
      USAGEFLOW_LOG_LEVEL: 'info',
      NODE_ENV: 'production',
    })
    try {
      const world = await openWorld(server, filled, customers)
      const calls = await askEach(world)
      const sights = await firstSights(world)
      return isKept(calls, sights)
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function isKept(calls: readonly CallTimes[], sights: readonly Sight[]): boolean {
  say('    p50     p95')
  for (const { path: asked, p50Ms, p95Ms } of calls)
    say(`${p50Ms.toFixed(1).padStart(7)} ${p95Ms.toFixed(1).padStart(7)} ms  ${asked}`)
  const slowest = Math.max(...calls.filter(({ isChart }) => !isChart).map(({ p95Ms }) => p95Ms))
  const paintMs = median(sights.map((sight) => sight.firstPaintMs))
  const wholeMs = median(sights.map((sight) => sight.wholeMs))
  say(
    `calls but charts: the slowest p95 is ${slowest.toFixed(1)} ms, promised ≤ ${CALL_P95_MS_MAX} ms`,
  )
  say(
    `overview, cold: first paint after ${paintMs.toFixed(0)} ms, promised ≤ ${FIRST_PAINT_MS_MAX} ms`,
  )
  say(`overview, cold: all figures and charts after ${wholeMs.toFixed(0)} ms`)
  return slowest <= CALL_P95_MS_MAX && paintMs <= FIRST_PAINT_MS_MAX
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
