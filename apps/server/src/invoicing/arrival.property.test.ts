import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { serveUsage } from '../usage/test-usage.ts'
import { advance, fold, invoices, subscribed } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const HOUR_MS = 3_600_000

const events = fc.array(
  fc.record({
    hour: fc.integer({ min: 0, max: 20 * 24 }),
    name: fc.constantFrom('API_CALL', 'LAST_SEEN', 'PEAK'),
    amount: fc.constantFrom('0', '0.1', '0.2', '7', '9999.5', '123456789.000000000001'),
  }),
  { minLength: 1, maxLength: 12 },
)
type Events = typeof events extends fc.Arbitrary<infer T> ? T : never

/** Indices of events in the order in which they are sent, some of them again, and how many go together. */
const arrivals = fc.record({
  order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  again: fc.array(fc.nat(), { maxLength: 12 }),
  batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 24 }),
  foldsBetween: fc.boolean(),
})
type Arrival = typeof arrivals extends fc.Arbitrary<infer T> ? T : never

const METERS = { API_CALL: 'SUM', LAST_SEEN: 'LAST', PEAK: 'MAX' }

let customers = 0

test('the same events in any order, in any batches, sent any number of times, make the same invoice', async () => {
  const usage = await serveUsage()
  const { envId } = usage
  usage.setNow(new Date('2026-03-25T00:00:00Z'))
  await inOwnTransaction(async (tx) => {
    await createRootCustomer(tx, envId, START)
    for (const [key, aggregation] of Object.entries(METERS))
      await aMeter(tx, envId, { key, name: key, aggregation })
    const prices = Object.keys(METERS).map((meter) => ({ ...PRICE, meter }))
    await aPlan(tx, envId, { prices })
  })
  const pairs: [string, string][] = []
  await fc.assert(
    fc.asyncProperty(events, arrivals, arrivals, async (sent, first, second) => {
      const pair: [string, string] = [`customer-${customers++}`, `customer-${customers++}`]
      for (const customer of pair) await subscribed(envId, { customer }, START)
      await send(usage, pair[0], { sent, arrival: first })
      await send(usage, pair[1], { sent, arrival: second })
      pairs.push(pair)
    }),
    { numRuns: 25 },
  )
  await fold()
  await advance(envId, '2026-04-01T02:00:00Z')
  for (const [one, other] of pairs) {
    const [left, ...none] = await invoices(envId, { customer: one })
    const [right] = await invoices(envId, { customer: other })
    expect(none).toEqual([])
    expect(left?.status).not.toBe('draft')
    expect(left?.lines.map(comparable)).toEqual(right?.lines.map(comparable))
    expect(left?.totalMinor).toBe(right?.totalMinor)
  }
})

const PRICE = {
  model: 'graduated' as const,
  includedUnits: '0.3',
  tiers: [
    { upTo: '7', unitPrice: '0.5', flatFee: '0' },
    { upTo: null, unitPrice: '0.000001', flatFee: '1' },
  ],
}

/** Sends events of a customer as they arrive, each with a key of its own; each is stored once. */
async function send(
  usage: Awaited<ReturnType<typeof serveUsage>>,
  customerId: string,
  { sent, arrival }: { readonly sent: Events; readonly arrival: Arrival },
): Promise<void> {
  const all = sent.map(({ hour, name, amount }, index) => ({
    ...{ name, amount, customerId, idempotencyKey: `${customerId}-${index}` },
    sequence: index, // else the keys decide which of two at one instant is the last
    timestamp: new Date(START.getTime() + hour * HOUR_MS).toISOString(),
  }))
  const inOrder = all
    .map((event, index) => ({ event, place: arrival.order[index] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event)
  const repeats = arrival.again.flatMap((index) => all[index % all.length] ?? [])
  const queue = [...inOrder, ...repeats]
  for (let turn = 0; queue.length > 0; turn++) {
    const size = arrival.batches[turn % arrival.batches.length] ?? 1
    const { status, json } = await usage.post('/api/v1/events', queue.splice(0, size))
    expect(status).toBe(200)
    const outcomes = json.results.map((result: { status: string }) => result.status)
    expect(outcomes).not.toContain('refused')
    if (arrival.foldsBetween) await fold()
  }
}

function comparable({
  coverage: _,
  ...line
}: Awaited<ReturnType<typeof invoices>>[number]['lines'][number]) {
  return line
}
