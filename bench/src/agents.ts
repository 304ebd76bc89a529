/**
 * `npm run bench -- --agents`: what the packages for frameworks cost their hosts. The same program answers requests
 * with our package and without it, in turn, at a steady rate, from a handler that takes a millisecond; the server
 * beside it is a real one, with a policy that limits and meters every request.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  FRAMEWORKS,
  type Framework,
  prepare,
  type RunningHost,
  startHost,
} from '../../faults/src/agents/hosts.ts'
import { runLoad } from './access.ts'
import { callsOf } from './access-world.ts'
import { describeMachine, processCpuUs } from './machine.ts'
import { percentiles } from './measure.ts'
import type { Options } from './options.ts'
import { type Product, startProduct } from './product.ts'

/** CPU that a request may cost its host more, in the middle; and how often is asked, which leaves the host room. */
const GOALS = {
  node: { cpuUsMax: 50, perSecond: 500 },
  go: { cpuUsMax: 50, perSecond: 500 },
  python: { cpuUsMax: 200, perSecond: 200 },
} as const

const CONNECTIONS = 16
const CUSTOMERS = 100
const REQUESTS = Array.from(
  { length: CUSTOMERS },
  (_, nth) => `GET /work HTTP/1.1\r\nhost: local\r\nx-user-id: customer-${nth}\r\n\r\n`,
)

/** What one request costs: CPU of the host, and how long its client waits. */
type Cost = { readonly cpuUs: number; readonly p50Ms: number; readonly p99Ms: number }

/** Measures and says on standard output what came out. Whether every package costs as little as promised. */
export async function benchAgents(options: Options): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-agents-'))
  const product = await startProduct(path.join(folder, 'product'))
  try {
    await prepareControl(product)
    say(describeMachine())
    let isGood = true
    for (const framework of FRAMEWORKS)
      if (options.only === null || framework.includes(options.only))
        isGood = (await benchFramework(framework, { folder, product, options })) && isGood
    return isGood
  } finally {
    await product.stop()
    rmSync(folder, { recursive: true })
  }
}

async function prepareControl(product: Product): Promise<void> {
  const call = callsOf(product)
  const sources = [{ from: 'header', name: 'x-user-id' }]
  await call('POST', '/api/v1/control/strategies', { key: 'by-user', name: 'By user', sources })
  await call('POST', '/api/v1/control/policies', {
    ...{ key: 'work', name: 'Work', url: '/work', strategy: 'by-user' },
    limits: [{ name: 'hourly', limit: 1_000_000, window: '1h' }],
    metering: [{ event: 'API_CALL' }],
  })
}

type Course = {
  readonly folder: string
  readonly product: Product
  readonly options: Options
}

async function benchFramework(
  framework: Framework,
  { folder, product, options }: Course,
): Promise<boolean> {
  const program = prepare(framework, folder)
  const { cpuUsMax, perSecond } = GOALS[program.language]
  const { port, apiKey } = product
  const env = { USAGEFLOW_URL: `http://127.0.0.1:${port}`, USAGEFLOW_API_KEY: apiKey }
  const bare = await startHost(program, 'bare', { BARE: '1' })
  const covered = await startHost(program, 'covered', env)
  try {
    const added: Cost[] = []
    await measured(bare, perSecond, options) // once each for their compilers
    await measured(covered, perSecond, options)
    for (let round = 1; round <= options.rounds; round += 1) {
      const without = await measured(bare, perSecond, options)
      const with_ = await measured(covered, perSecond, options)
      added.push(differenceOf(with_, without))
      say(`${framework}, round ${round}: without ${shown(without)}; with ${shown(with_)}`)
    }
    const middle = medianOf(added)
    const isGood = middle.cpuUs <= cpuUsMax
    say(
      `${isGood ? 'PASS' : 'FAIL'} ${framework} adds ${shown(middle)} at ${perSecond} requests/s (goal: CPU ${cpuUsMax} µs)`,
    )
    return isGood
  } finally {
    await bare.stop()
    await covered.stop()
  }
}

async function measured(
  { port, pid }: RunningHost,
  perSecond: number,
  { warmUpMs, measureMs }: Options,
): Promise<Cost> {
  const order = { port, requests: REQUESTS, connections: CONNECTIONS, perSecond }
  await runLoad({ ...order, warmUpMs: 0, measureMs: warmUpMs })
  const before = processCpuUs(pid) ?? Number.NaN
  const latenciesMs = await runLoad({ ...order, warmUpMs: 0, measureMs })
  const after = processCpuUs(pid) ?? Number.NaN
  return { cpuUs: (after - before) / latenciesMs.length, ...percentiles(latenciesMs) }
}

function differenceOf(a: Cost, b: Cost): Cost {
  return { cpuUs: a.cpuUs - b.cpuUs, p50Ms: a.p50Ms - b.p50Ms, p99Ms: a.p99Ms - b.p99Ms }
}

function medianOf(costs: readonly Cost[]): Cost {
  const middle = (of: (cost: Cost) => number) =>
    costs.map(of).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN
  return {
    cpuUs: middle(({ cpuUs }) => cpuUs),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
  }
}

function shown({ cpuUs, p50Ms, p99Ms }: Cost): string {
  return `CPU ${cpuUs.toFixed(0)} µs, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
