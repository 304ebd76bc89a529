import { expect, onTestFinished } from 'vitest'
import { serveUsage, type TestUsage } from '../../../../apps/server/src/usage/test-usage.ts'
import { UsageFlow, type UsageFlowError, type UsageFlowOptions } from '../src/index.ts'
import { type FaultyServer, startFaultyServer } from './faulty-server.ts'

/** A real server on a real database, what stands before it, and who sends. */
export type World = {
  readonly usage: TestUsage
  readonly server: FaultyServer
  /** All that the clients reported. */
  readonly errors: UsageFlowError[]
  /** A client of the server, closed when the test has ended. */
  client(options?: UsageFlowOptions): UsageFlow
  /** The amounts that the server has for a customer, and how often each. */
  stored(customerId?: string): Promise<Record<string, number>>
}

export const CUSTOMER = 'user_123'
/** For what comes, however busy the machine is. */
export const WAIT_MS = 60_000

export async function aWorld(): Promise<World> {
  const usage = await serveUsage()
  const server = await startFaultyServer(usage.port)
  const errors: UsageFlowError[] = []
  return {
    ...{ usage, server, errors },
    client(options = {}) {
      const client = new UsageFlow({
        ...{ apiKey: 'all', baseUrl: server.url, flushMs: 20, timeoutMs: WAIT_MS },
        onError: (error) => errors.push(error),
        ...options,
      })
      onTestFinished(async () => {
        await client.close(1)
      })
      return client
    },
    stored: (customerId = CUSTOMER) => storedAmounts(usage, customerId),
  }
}

/** Tracks events of the amounts 1, 2, … `count`, so that each can be told apart. */
export function trackMany(client: UsageFlow, count: number): void {
  for (let amount = 1; amount <= count; amount += 1)
    client.track({ name: 'API_CALL', customerId: CUSTOMER, amount })
}

/** Each of the amounts 1, 2, … `count`, once. */
export function onceEach(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index + 1), 1]))
}

/** That nothing is forgotten and nothing invented. */
export function expectExact(client: UsageFlow): void {
  const { produced, delivered, queued, refused, dropped } = client.stats()
  expect(delivered + queued + refused + dropped).toBe(produced)
}

async function storedAmounts(usage: TestUsage, customerId: string) {
  const amounts: Record<string, number> = {}
  let cursor = ''
  do {
    const page = `/api/v1/events?customerId=${customerId}&limit=100${cursor && `&cursor=${cursor}`}`
    const { json } = await usage.get(page)
    for (const { amount } of json.data) amounts[amount] = (amounts[amount] ?? 0) + 1
    cursor = json.nextCursor === null ? '' : encodeURIComponent(json.nextCursor)
  } while (cursor !== '')
  return amounts
}
