/**
 * `npm run bench -- --access`: asks whether customers may use a meter, at a rate that leaves the machine room: alone and
 * while their usage arrives; and as fast as the answers come.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  callsOf,
  HEAVY,
  prepareCustomers,
  question,
  readingOfMeter,
  sendEvents,
} from './access-world.ts'
import { untilCounted } from './cases.ts'
import { cpuPerEvent, percentiles, readCpu } from './measure.ts'
import type { Options } from './options.ts'
import { endWithUs } from './processes.ts'
import { type Product, startProduct } from './product.ts'
import { settleRows } from './stored-rows.ts'

/** What to ask, over how many connections, how often, and for how long. */
export type AccessLoadOrder = {
  readonly port: number
  readonly requests: readonly string[]
  readonly connections: number
  /** Of all connections together; null: as often as the answers come. */
  readonly perSecond: number | null
  readonly warmUpMs: number
  readonly measureMs: number
}

export type AccessLoadMessage =
  | { readonly kind: 'report'; readonly latenciesMs: readonly number[] }
  | { readonly kind: 'failed'; readonly reason: string }

const CONNECTIONS = 16
const PER_SECOND = 500 // less than a third of what two cores answer
const STORED_EVENTS = 100_000
const OTHERS = Array.from({ length: 99 }, (_, nth) => `other_${nth}`)
const FRESH_EVENTS = 20
const FRESH_EVERY_MS = 100
const P99_MS_MAX = 5

type Asked = {
  readonly name: string
  readonly isUsageArriving: boolean
  readonly perSecond: number | null
  readonly requestsTo: (product: Product) => readonly string[]
}

/** Measures and says on standard output what came out. Whether the answers at the steady rate were quick enough. */
export async function benchAccess(options: Options): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-access-'))
  const product = await startProduct(path.join(folder, 'product'))
  try {
    const call = callsOf(product)
    await prepareCustomers(call, [HEAVY, ...OTHERS])
    await sendEvents(call, HEAVY, STORED_EVENTS)
    await untilCounted(product, STORED_EVENTS + 10 * (OTHERS.length + 1))
    await settleRows(product.databaseUrl)
    say(
      `asking about ${OTHERS.length + 1} customers, half of the time about one with ${STORED_EVENTS} events,`,
    )
    say(
      `over ${CONNECTIONS} connections, alone and while ${(FRESH_EVENTS * 1_000) / FRESH_EVERY_MS} events a second arrive`,
    )
    const atSteadyRate = { perSecond: PER_SECOND, requestsTo: questions }
    const ofOneRow = { perSecond: PER_SECOND, requestsTo: readings }
    const atFullSpeed = { perSecond: null, requestsTo: questions }
    const alone = { isUsageArriving: false }
    const besideUsage = { isUsageArriving: true }
    const measure = (asked: Asked) => measured(product, options, asked)
    await oneRound(product, options, { name: 'first', ...atSteadyRate, ...alone }) // each customer's use is computed once
    const steady = await measure({ name: 'steady', ...atSteadyRate, ...alone })
    await measure({ name: 'one row instead', ...ofOneRow, ...alone })
    await measure({ name: 'steady, usage arrives', ...atSteadyRate, ...besideUsage })
    await measure({ name: 'one row instead, usage arrives', ...ofOneRow, ...besideUsage })
    await measure({ name: 'as fast as answered, usage arrives', ...atFullSpeed, ...besideUsage })
    say(`steady p99: ${steady.p99Ms.toFixed(2)} ms, promised ≤ ${P99_MS_MAX} ms`)
    return steady.p99Ms <= P99_MS_MAX
  } finally {
    await product.stop()
    rmSync(folder, { recursive: true })
  }
}

/** The median round, by its p99. */
async function measured(product: Product, options: Options, asked: Asked) {
  const rounds: { p50Ms: number; p99Ms: number; text: string }[] = []
  for (let round = 0; round < options.rounds; round += 1)
    rounds.push(await oneRound(product, options, asked))
  const sorted = rounds.toSorted((a, b) => a.p99Ms - b.p99Ms)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (!median) throw new Error('nothing was measured')
  say(
    `${asked.name}: ${median.text}; p99 of the rounds: ${sorted.map(({ p99Ms }) => p99Ms.toFixed(2)).join(', ')}`,
  )
  return median
}

function questions(product: Product): string[] {
  return OTHERS.flatMap((other) => [question(product, HEAVY), question(product, other)])
}

/** What a machine takes for any answer at all, under the same load. */
function readings(product: Product): string[] {
  return [readingOfMeter(product)]
}

async function oneRound(product: Product, options: Options, asked: Asked) {
  const { perSecond, requestsTo, isUsageArriving } = asked
  const stop = isUsageArriving ? keepSending(product) : async () => {}
  const requests = requestsTo(product)
  const { port } = product
  const { warmUpMs, measureMs } = options
  const order = { port, requests, connections: CONNECTIONS, perSecond, warmUpMs, measureMs }
  const before = readCpu(product)
  const latenciesMs = await runLoad(order)
  const share = measureMs / (warmUpMs + measureMs)
  const cpu = cpuPerEvent(before, readCpu(product), latenciesMs.length / share)
  await stop()
  if (latenciesMs.length === 0) return NOT_KEPT_UP
  const { p50Ms, p99Ms } = percentiles(latenciesMs)
  const rate = Math.round((latenciesMs.length / measureMs) * 1_000)
  const text = `${rate} answers/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, server ${cpu.serverUs?.toFixed(0)} µs, postgres ${cpu.postgresUs?.toFixed(0)} µs`
  return { p50Ms, p99Ms, text }
}

/** Every question of the measured time was still waiting behind earlier ones. */
const NOT_KEPT_UP = {
  p50Ms: Number.POSITIVE_INFINITY,
  p99Ms: Number.POSITIVE_INFINITY,
  text: 'the server did not keep up',
}

/** Sends fresh usage until told to stop. */
function keepSending(product: Product): () => Promise<void> {
  const call = callsOf(product)
  let isStopped = false
  const sending = (async () => {
    while (!isStopped) {
      await sendEvents(call, HEAVY, FRESH_EVENTS)
      await sleep(FRESH_EVERY_MS)
    }
  })()
  return () => {
    isStopped = true
    return sending
  }
}

/** Sends in a process of its own. Resolves to how long each answer took, of those that count. */
export function runLoad(order: AccessLoadOrder): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, 'access-load.ts'), {
      execArgv: ['--import', 'tsx'],
    })
    endWithUs(child)
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the load ended with code ${code}`)))
    child.on('message', (message: AccessLoadMessage) => {
      if (message.kind === 'failed') reject(new Error(message.reason))
      else resolve(message.latenciesMs)
    })
    child.send(order)
  })
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
