import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureBareCopy } from './bare-copy.ts'
import * as names from './floors.ts'
import type { LoadOrder } from './load.ts'
import { peakMemoryMb } from './machine.ts'
import { type Measurement, measureLoad, type Times } from './measure.ts'
import type { NaiveServer } from './naive.ts'
import type { BenchPostgres } from './postgres.ts'
import { type Product, startProduct } from './product.ts'
import { untilThrough } from './stored-rows.ts'

/** Who is measured. A contestant is missing when no chosen case needs it. */
export type Contestants = {
  /** Empty, for whoever is started for one run. */
  readonly folder: string
  readonly postgres: BenchPostgres
  readonly naive?: NaiveServer
  /** Its table holds the stored rows. */
  readonly stored?: Product
}

export type Case = {
  readonly name: string
  readonly needs: readonly ('naive' | 'stored')[]
  readonly run: (contestants: Contestants, times: Times) => Promise<Measurement>
}

/** How a load looks, apart from where it goes. */
type Shape = Pick<LoadOrder, 'path' | 'eventsPerRequest' | 'connections' | 'repeatShare'>

const SINGLE: Shape = { path: '/api/track', eventsPerRequest: 1, connections: 64, repeatShare: 0 }
const BATCH: Shape = {
  path: '/api/v1/events',
  eventsPerRequest: 1_000,
  connections: 12,
  repeatShare: 0,
}

/** In the order of a round: who is compared stands close together, so that both meet the same machine. */
export const CASES: readonly Case[] = [
  {
    name: names.NAIVE,
    needs: ['naive'],
    run: ({ naive }, times) => runNaive(present(naive), times),
  },
  productCase(names.SINGLE, SINGLE),
  storedCase(names.SINGLE_STORED, SINGLE),
  productCase(names.HUNDRED, { ...BATCH, eventsPerRequest: 100 }),
  {
    name: names.COPY,
    needs: [],
    run: ({ postgres }, times) => measureBareCopy(postgres, times),
  },
  productCase(names.THOUSAND, BATCH),
  storedCase(names.THOUSAND_STORED, BATCH),
  productCase(names.REPEATS, { ...BATCH, repeatShare: 0.01 }),
]

/** Every run has a server and a database of its own: history cannot be removed from one. */
function productCase(name: string, shape: Shape): Case {
  return {
    name,
    needs: [],
    run: async ({ folder }, times) => {
      const own = mkdtempSync(path.join(folder, 'usageflow-'))
      const product = await startProduct(own)
      try {
        return await runProduct(product, shape, times)
      } finally {
        await product.stop()
        rmSync(own, { recursive: true })
      }
    },
  }
}

function storedCase(name: string, shape: Shape): Case {
  return {
    name,
    needs: ['stored'],
    run: async ({ stored }, times) => {
      const product = present(stored)
      const measurement = await runProduct(product, shape, times)
      await untilThrough(product.databaseUrl) // or whoever comes next would share the machine with its index
      return measurement
    },
  }
}

async function runNaive(naive: NaiveServer, times: Times): Promise<Measurement> {
  await naive.empty()
  return (await measureLoad(orderFor(naive, SINGLE, times), naive)).measurement
}

/** Measures, and then waits until all that was sent is counted: nothing lost, nothing twice. */
async function runProduct(product: Product, shape: Shape, times: Times): Promise<Measurement> {
  const before = await product.counted()
  const { measurement, recorded } = await measureLoad(orderFor(product, shape, times), product)
  const counting = await untilCounted(product, before.events + recorded)
  return { ...measurement, ...counting, peakMemoryMb: peakMemoryMb(product.serverPid) }
}

function orderFor(
  server: { readonly port: number; readonly apiKey: string },
  shape: Shape,
  times: Times,
): LoadOrder {
  const { port, apiKey } = server
  return { ...shape, ...times, port, apiKey, keyPrefix: randomBytes(6).toString('hex') }
}

const COUNTED_MS_MAX = 60_000
const COUNTED_POLL_MS = 25

/** Called when the last event has been acknowledged. Throws when the count never comes out right. */
export async function untilCounted(
  product: Product,
  events: number,
): Promise<{ rollUpMs: number; behindMs: number }> {
  const start = performance.now()
  const startedAt = Date.now()
  let counted = await product.counted()
  const behindMs = Math.max(0, startedAt - counted.asOf.getTime())
  while (counted.events !== events) {
    if (counted.events > events || performance.now() - start > COUNTED_MS_MAX)
      throw new Error(`${events} events were acknowledged and ${counted.events} are counted`)
    await sleep(COUNTED_POLL_MS)
    counted = await product.counted()
  }
  return { rollUpMs: performance.now() - start, behindMs }
}

function present<T>(contestant: T | undefined): T {
  if (contestant === undefined) throw new Error('a case runs without the contestant it needs')
  return contestant
}
