import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../../apps/server/src/cli/api-client.ts'
import { invoiceOfFirstMonth, type MonthInvoice } from '../../../tools/month-end.ts'
import { type ServerProcess, startServerProcess } from '../../../tools/server-process.ts'
import { anAccount, HOSTS, runHost, set } from './hosts.ts'
import { startUnsteadyServer } from './unsteady-server.ts'

const CUSTOMER = 'ann'
const WAIT_MS = 60_000
const POLL_MS = 100
const ABSENT_AFTER_MS = 500
const PATH = '/v1/models/large/chat'
const ROUTE = '/v1/models/:model/chat'
/** 10.87 for what is answered, and one failed call, one call or nothing more. */
const TOTALS_MINOR = { 499: '1097', 200: '1088', none: '1087' }
const PRICES = { API_CALL: '0.01', AI_TOKEN: '0.001', FAILED_CALL: '0.1', IMAGE: '1' }

/** What is asked of a host, and what of it is usage. */
type Ask = {
  readonly how: string
  readonly tokens?: readonly number[]
  readonly status?: number
  readonly units?: number
  readonly becomes: Usage
}

type Usage = Partial<Record<'API_CALL' | 'AI_TOKEN' | 'FAILED_CALL' | 'IMAGE', number>>

/** Tokens are billed twice: `response.body.usage.total_tokens * 2`. */
const ANSWERED: readonly Ask[] = [
  {
    ...{ how: 'json', status: 200, tokens: [1_000], units: 3 },
    becomes: { API_CALL: 1, AI_TOKEN: 2_000, IMAGE: 3 },
  },
  {
    ...{ how: 'json', status: 201, tokens: [1_500.5] },
    becomes: { API_CALL: 1, AI_TOKEN: 3_001 },
  },
  { how: 'json', status: 404, tokens: [9_000], becomes: { FAILED_CALL: 1 } },
  { how: 'json', status: 503, tokens: [9_000], becomes: { FAILED_CALL: 1 } },
  { how: 'throw', becomes: { FAILED_CALL: 1 } },
  // Of a stream, the last that says it.
  {
    ...{ how: 'stream', tokens: [10, 20, 700], units: 0.5 },
    becomes: { API_CALL: 1, AI_TOKEN: 1_400, IMAGE: 0.5 },
  },
  { how: 'lines', tokens: [5, 250], becomes: { API_CALL: 1, AI_TOKEN: 500 } },
  // What was sent before it failed is sent.
  { how: 'break', tokens: [40, 50], becomes: { API_CALL: 1, AI_TOKEN: 100 } },
]

/** The client goes as soon as it has seen all of the tokens. */
const HANGING: Ask = {
  ...{ how: 'hang', tokens: [2, 4.5] },
  becomes: { API_CALL: 1, AI_TOKEN: 9 },
}
/** The client goes before there is an answer: what net/http would answer for a handler that returns is 200. */
const UNANSWERED = {
  499: { how: 'never', becomes: { FAILED_CALL: 1 } },
  200: { how: 'never', becomes: { API_CALL: 1, IMAGE: 0 } },
} as const

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

test.each(Object.entries(HOSTS))(
  '%s: the invoice has what was metered, once, however the answers ended',
  async (name, host) => {
    const { api, key } = await anAccount(server, name)
    await sell(api)
    const unsteady = await startUnsteadyServer(server.url)
    const running = await runHost(host, { serverUrl: unsteady.url, key })
    await untilMetered(running.url, api)

    const unanswered = host.unanswered === null ? [] : [UNANSWERED[host.unanswered]]
    const asks = [...ANSWERED, HANGING, ...unanswered]
    for (const ask of ANSWERED) await answered(running.url, ask, CUSTOMER)
    await left(running.url, HANGING, lastPieceOf(HANGING))
    for (const ask of unanswered) await left(running.url, ask)

    const expected = sumOf(asks.map(({ becomes }) => becomes))
    const metered = () => eventsOf(api, CUSTOMER).then(sumOfEvents)
    await expect.poll(metered, { timeout: WAIT_MS, interval: POLL_MS }).toEqual(expected)
    expect(unsteady.lost()).toBeGreaterThan(0)
    await running.stop()
    const events = await eventsOf(api, CUSTOMER)
    expect(new Set(events.map(({ metadata }) => metadata.route))).toEqual(new Set([ROUTE]))
    expect(amountsWith(events, { customField: 'value' })).toContain(3)

    const invoice = await invoiceOfFirstMonth(api, CUSTOMER)
    expect(quantitiesOf(invoice)).toEqual(expected)
    expect(invoice.totalMinor).toBe(TOTALS_MINOR[host.unanswered ?? 'none'])
  },
)

/** A month of a plan that has a price for each kind of usage, and a policy that makes them of requests. */
async function sell(api: ApiClient): Promise<void> {
  const prices = Object.entries(PRICES).map(([meter, unitPrice]) => ({
    ...{ meter, model: 'per_unit', unitPrice },
  }))
  await set(api, '/api/v1/meters', ...prices.map(({ meter }) => ({ key: meter, name: meter })))
  const plan = { key: 'models', name: 'Models', currency: 'USD', cycle: 'month', basePrice: '0' }
  await set(api, '/api/v1/plans', { ...plan, prices })
  await set(api, '/api/v1/customers', { customerId: CUSTOMER })
  await set(api, '/api/v1/subscriptions', { customerId: CUSTOMER, plan: 'models' })
  const sources = [{ from: 'header', name: 'x-user-id' }]
  await set(api, '/api/v1/control/strategies', { key: 'by-user', name: 'By user', sources })
  await set(api, '/api/v1/control/policies', {
    ...{ key: 'chat', name: 'Chat', method: 'POST', url: '/v1/models/*', strategy: 'by-user' },
    metering: [
      { event: 'API_CALL', quantity: 'usage_record.quantity' },
      {
        event: 'AI_TOKEN',
        quantity: 'response.body.usage.total_tokens * 2',
        when: ['2xx'],
      },
      { event: 'FAILED_CALL', when: ['4xx', '5xx'] },
      { event: 'IMAGE', quantity: 'has(metadata.units) ? metadata.units : 0', when: ['2xx'] },
    ],
  })
}

/** The host has read what holds when the usage of somebody else arrives. */
async function untilMetered(url: string, api: ApiClient): Promise<void> {
  const ask = { how: 'json', status: 200, tokens: [1], becomes: {} }
  const isMetered = async (): Promise<boolean> => {
    await answered(url, ask, 'probe')
    return (await eventsOf(api, 'probe')).length > 0
  }
  await expect.poll(isMetered, { timeout: WAIT_MS, interval: POLL_MS }).toBe(true)
}

/** To its end, which may be one in the middle. */
async function answered(url: string, ask: Ask, customer: string): Promise<void> {
  const response = await fetch(`${url}${PATH}`, requestOf(ask, customer))
  await response.arrayBuffer().catch(() => {})
}

function requestOf({ becomes: _, ...ask }: Ask, customer: string) {
  const headers = { 'content-type': 'application/json', 'x-user-id': customer }
  return { method: 'POST', headers, body: JSON.stringify(ask) }
}

/** The client goes when it has seen `piece`; without one, when it was not answered for a while. */
function left(url: string, ask: Ask, piece?: string): Promise<void> {
  const { body, ...init } = requestOf(ask, CUSTOMER)
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${PATH}`, init, (response) => {
      let text = ''
      response.on('error', () => {}) // that we have gone
      response.on('data', (chunk) => {
        text += chunk
        if (piece !== undefined && text.includes(piece)) asking.destroy()
      })
    })
    asking.on('error', (error) => {
      if (piece !== undefined) reject(error)
    })
    asking.on('close', () => resolve())
    asking.end(body)
    if (piece === undefined) setTimeout(() => asking.destroy(), ABSENT_AFTER_MS)
  })
}

function lastPieceOf({ tokens = [] }: Ask): string {
  return `${tokens.at(-1)}}}\n`
}

type StoredEvent = {
  readonly name: keyof Usage
  readonly amount: string
  readonly metadata: Readonly<Record<string, unknown>>
}

async function eventsOf(api: ApiClient, customer: string): Promise<readonly StoredEvent[]> {
  const { body } = await api.get(`/api/v1/events?customerId=${customer}&limit=200`)
  return (body as { data: readonly StoredEvent[] }).data
}

function sumOfEvents(events: readonly StoredEvent[]): Usage {
  return sumOf(events.map(({ name, amount }) => ({ [name]: Number(amount) })))
}

function sumOf(parts: readonly Usage[]): Usage {
  const sums: Record<string, number> = {}
  for (const [name, amount] of parts.flatMap(Object.entries))
    sums[name] = (sums[name] ?? 0) + amount
  return sums
}

function amountsWith(events: readonly StoredEvent[], metadata: object): readonly number[] {
  const has = (event: StoredEvent) =>
    Object.entries(metadata).every(([name, value]) => event.metadata[name] === value)
  return events.filter(has).map(({ amount }) => Number(amount))
}

function quantitiesOf({ lines }: MonthInvoice): Usage {
  return Object.fromEntries(
    lines.flatMap(({ meter, quantity }) => (meter === null ? [] : [[meter, Number(quantity)]])),
  )
}
