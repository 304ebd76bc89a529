import { readFileSync } from 'node:fs'
import type { ApiClient } from '../../apps/server/src/cli/api-client.ts'
import { inParallel, post } from './api.ts'
import type { Month, Target } from './month.ts'

const TENANTS = 40
const EVENTS_AT_ONCE = 1_000
const SENDERS = 4
const GRANTED_FROM = '2023-11-01T00:00:00Z'

const OUTPUT_TIERS = [
  { upTo: '5000', unitPrice: '0.000015' },
  { upTo: null, unitPrice: '0.000012' },
]

/** Requests to language models: two events a row, with units of each cycle and money once. */
export const inference: Month = {
  name: 'Inference',
  file: 'llm-inference.csv',
  from: GRANTED_FROM,
  to: '2023-12-01T00:00:00Z',
  during: '2023-11-30T23:00:00Z',
  afterGrace: '2023-12-01T02:00:00Z',
  meters: ['INPUT_TOKEN', 'OUTPUT_TOKEN'].map((key) => ({
    key,
    name: key,
    unit: 'tokens',
    aggregation: 'SUM',
  })),
  counting: 'INPUT_TOKEN',
  plan: {
    key: 'inference',
    ...{ name: 'Inference', currency: 'USD', cycle: 'month', basePrice: '20' },
    ...{ credits: [{ meter: 'INPUT_TOKEN', units: '20000' }] },
    prices: [
      { meter: 'INPUT_TOKEN', model: 'per_unit', includedUnits: '100000', unitPrice: '0.000003' },
      { meter: 'OUTPUT_TOKEN', model: 'volume', tiers: OUTPUT_TIERS },
    ],
  },
  send: sendRows,
  grant: grantMoney,
  describe: ({ quantities, unitCreditsUsed, linesCents, ...sums }) => ({
    ...{ quantities, unitCreditsUsed, linesCents },
    subtotalCents: sums.subtotalCents,
    monetaryCreditCents: sums.monetaryCreditCents,
    amountDueCents: sums.amountDueCents,
  }),
  totalOf: ({ amountDueCents }) => amountDueCents,
}

async function sendRows({ api, path }: Target): Promise<number> {
  const [, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const events = rows.flatMap((row, index) => eventsOf(row, index + 1))
  const batches = Array.from({ length: Math.ceil(events.length / EVENTS_AT_ONCE) }, (_, n) =>
    events.slice(n * EVENTS_AT_ONCE, (n + 1) * EVENTS_AT_ONCE),
  )
  const seen = new Map<string, number>()
  await inParallel(batches, SENDERS, async (batch) => {
    const { results } = await post(api, '/api/v1/events', batch)
    for (const { status } of results as { status: string }[])
      seen.set(status, (seen.get(status) ?? 0) + 1)
  })
  console.log('send', JSON.stringify(Object.fromEntries(seen)))
  return rows.length
}

function eventsOf(row: string, number: number): object[] {
  const [time = '', contextTokens = '', generatedTokens = ''] = row.split(',')
  const customerId = `tenant_${number % TENANTS}`
  const timestamp = `${time.slice(0, 23).replace(' ', 'T')}Z` // to the millisecond
  const event = { customerId, timestamp }
  return [
    { ...event, name: 'INPUT_TOKEN', amount: contextTokens, idempotencyKey: `llm-${number}-in` },
    {
      ...event,
      name: 'OUTPUT_TOKEN',
      amount: generatedTokens,
      idempotencyKey: `llm-${number}-out`,
    },
  ]
}

async function grantMoney(api: ApiClient, customerId: string): Promise<void> {
  const credit = { amountMinor: '500', currency: 'USD', validFrom: GRANTED_FROM }
  const once = { 'idempotency-key': `money ${customerId}` }
  await post(api, `/api/v1/customers/${customerId}/credits`, credit, once)
}
