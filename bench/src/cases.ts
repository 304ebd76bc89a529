import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureBareCopy } from './bare-copy.ts'
import * as names from './floors.ts'
import type { LoadOrder } from './load.ts'
import { type Measurement, measureLoad, type Times } from './measure.ts'
import type { NaiveServer } from './naive.ts'
import type { BenchPostgres } from './postgres.ts'
import type { Product } from './product.ts'

/** Who is measured. A contestant is missing when no chosen case needs it. */
export type Contestants = {
  readonly postgres?: BenchPostgres
  readonly naive?: NaiveServer
  /** Its table is emptied before every run. */
  readonly product?: Product
  /** Its table holds the stored rows. */
  readonly stored?: Product
}

export type Case = {
  readonly name: string
  readonly needs: readonly (keyof Contestants)[]
  readonly run: (contestants: Contestants, times: Times) => Promise<Measurement>
}

/** How a load looks, apart from where it goes. */
type Shape = Pick<LoadOrder, 'path' | 'eventsPerRequest' | 'connections' | 'repeatShare'>

const SINGLE: Shape = { path: '/api/track', eventsPerRequest: 1, connections: 64, repeatShare: 0 }
const BATCH: Shape = {
  path: '/api/v1/events',
  eventsPerRequest: 1_000,
  connections: 8,
  repeatShare: 0,
}

/** In the order of a round: who is compared stands close together, so that both meet the same machine. */
export const CASES: readonly Case[] = [
  {
    name: names.NAIVE,
    needs: ['postgres', 'naive'],
    run: ({ naive }, times) => runNaive(present(naive), times),
  },
  productCase(names.SINGLE, SINGLE),
  storedCase(names.SINGLE_STORED, SINGLE),
  productCase(names.HUNDRED, { ...BATCH, eventsPerRequest: 100 }),
  {
    name: names.COPY,
    needs: ['postgres'],
    run: ({ postgres }, times) => measureBareCopy(present(postgres), times),
  },
  productCase(names.THOUSAND, BATCH),
  storedCase(names.THOUSAND_STORED, BATCH),
  productCase(names.REPEATS, { ...BATCH, repeatShare: 0.01 }),
]

function productCase(name: string, shape: Shape): Case {
  return {
    name,
    needs: ['product'],
    run: async ({ product }, times) => {
      await present(product).empty()
      return runProduct(present(product), shape, times)
    },
  }
}

function storedCase(name: string, shape: Shape): Case {
  return {
    name,
    needs: ['stored'],
    run: ({ stored }, times) => runProduct(present(stored), shape, times),
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
  return { ...measurement, ...counting }
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
