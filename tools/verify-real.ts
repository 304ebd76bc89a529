/**
 * `npm run verify:real -- FOLDER`: a month of real usage, imported over HTTP into a running server and
 * invoiced, compared with what an independent program says it must cost.
 *
 * FOLDER holds `access.log`; beside it stands `oracle/golden.py`, which compares.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ApiClient, apiClient } from '../apps/server/src/cli/api-client.ts'
import { openAccount, type ServerProcess, startServerProcess } from './server-process.ts'

const FROM = '2015-05-01T00:00:00Z'
const TO = '2015-06-01T00:00:00Z'
const AFTER_GRACE = '2015-06-01T02:00:00Z'
const METER_KEYS = ['REQUESTS', 'BANDWIDTH', 'LARGEST', 'LAST', 'PATHS'] as const
const SENDERS = 8
const COUNT_TRIES = 600
const PAGE_ROWS = 200

const METERS = [
  {
    key: 'REQUESTS',
    name: 'Requests',
    unit: 'requests',
    aggregation: 'COUNT',
    filter: { property: 'status', operator: 'lt', value: 400 },
  },
  {
    key: 'BANDWIDTH',
    name: 'Bandwidth',
    unit: 'GB',
    aggregation: 'SUM',
    valueProperty: 'bytes',
    conversion: { divisor: '1000000000' },
  },
  {
    key: 'LARGEST',
    name: 'Largest answer',
    unit: 'bytes',
    aggregation: 'MAX',
    valueProperty: 'bytes',
  },
  { key: 'LAST', name: 'Last status', unit: '', aggregation: 'LAST', valueProperty: 'status' },
  {
    key: 'PATHS',
    name: 'Unique paths',
    unit: 'paths',
    aggregation: 'UNIQUE',
    valueProperty: 'path',
  },
]

type Customer = { quantities: Record<string, string>; linesCents: Record<string, number> }

async function verify(data: string): Promise<boolean> {
  const work = mkdtempSync(path.join(tmpdir(), 'usageflow-real-'))
  const server = await startServerProcess()
  try {
    const { key } = await openAccount(server, 'Edge', '2015-05-31T23:00:00Z')
    const api = apiClient(server.url, key)
    await defineCatalog(api)
    const log = path.join(work, 'access.log')
    copyFileSync(path.join(data, 'access.log'), log) // an import remembers its progress beside the file
    const imported = (await importLog(server, log, key)) as { recorded: number }
    say('first import ', imported)
    await waitUntilCounted(api, imported.recorded)
    const customers = await customersOf(api)
    await inParallel(customers, SENDERS, (customerId) => subscribe(api, customerId))
    say('subscriptions', customers.length)
    say('clock        ', (await post(api, '/api/v1/clock', { now: AFTER_GRACE })).now)
    const first = await results(api, customers)
    say('second import', await importLog(server, log, key))
    const second = await results(api, customers)
    const isUnchanged = JSON.stringify(first) === JSON.stringify(second)
    say('a second import changes', isUnchanged ? 'nothing' : 'SOMETHING')
    return isAsExpected(work, data, first) && isUnchanged
  } finally {
    await server.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

async function defineCatalog(api: ApiClient): Promise<void> {
  for (const meter of METERS)
    await post(api, '/api/v1/meters', { ...meter, eventName: 'http.request' })
  await post(api, '/api/v1/plans', {
    key: 'edge',
    name: 'Edge',
    currency: 'USD',
    cycle: 'month',
    basePrice: '5',
    prices: [{ meter: 'REQUESTS', model: 'per_unit', includedUnits: '50', unitPrice: '0.002' }],
  })
}

function importLog(server: ServerProcess, log: string, key: string): Promise<unknown> {
  return server.run(
    'import',
    log,
    '--format',
    'combined',
    '--url',
    server.url,
    '--key',
    key,
    '--json',
  )
}

/** The worker is a moment behind: customers, too, are made as it goes. */
async function waitUntilCounted(api: ApiClient, events: number): Promise<void> {
  for (let tries = 0; tries < COUNT_TRIES; tries += 1) {
    const { total } = await get(api, `/api/v1/usage?meter=LAST&from=${FROM}&to=${TO}`)
    if (Number((total as { events: string }).events) >= events) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not all of the ${events} events were counted within a minute`)
}

async function customersOf(api: ApiClient): Promise<string[]> {
  const customers = await pages(api, '/api/v1/customers')
  return customers.map((row) => String(row.customerId)).filter((id) => id !== '$root')
}

async function subscribe(api: ApiClient, customerId: string): Promise<void> {
  const body = { customerId, plan: 'edge', startedAt: FROM, anchor: 'calendar' }
  await post(api, '/api/v1/subscriptions', body, { 'idempotency-key': `edge ${customerId}` })
}

/** In the shape of the expected file. */
async function results(api: ApiClient, customers: readonly string[]) {
  const byCustomer = new Map<string, Customer>(
    customers.map((id) => [id, { quantities: {}, linesCents: {} }]),
  )
  await inParallel([...byCustomer], SENDERS, async ([customerId, { quantities }]) => {
    for (const meter of METER_KEYS) {
      const query = new URLSearchParams({ meter, customerId, from: FROM, to: TO })
      const { total } = await get(api, `/api/v1/usage?${query}`)
      quantities[meter] = String((total as { quantity: string | null }).quantity ?? '0')
    }
  })
  const invoices = (await pages(api, '/api/v1/invoices')).filter(({ status }) => status !== 'draft')
  await inParallel(invoices, SENDERS, async ({ id }) =>
    addLines(byCustomer, await get(api, `/api/v1/invoices/${String(id)}`)),
  )
  const totalCents = [...byCustomer.values()]
    .flatMap(({ linesCents }) => Object.values(linesCents))
    .reduce((a, b) => a + b, 0)
  const sorted = [...byCustomer].sort(([a], [b]) => (a < b ? -1 : 1))
  return { customers: Object.fromEntries(sorted), count: byCustomer.size, totalCents }
}

function addLines(
  byCustomer: ReadonlyMap<string, Customer>,
  invoice: Record<string, unknown>,
): void {
  const customer = byCustomer.get(String(invoice.customerId))
  if (!customer) return
  customer.linesCents.base = 0
  customer.linesCents.REQUESTS = 0 // no line: nothing was used
  for (const line of invoice.lines as {
    kind: string
    amountMinor: string
    meter: string | null
  }[]) {
    const name = line.kind === 'base' ? 'base' : String(line.meter)
    customer.linesCents[name] = (customer.linesCents[name] ?? 0) + Number(line.amountMinor)
  }
}

function isAsExpected(work: string, data: string, found: unknown): boolean {
  const file = path.join(work, 'result.json')
  writeFileSync(file, JSON.stringify(found))
  const oracle = path.join(data, '..', 'oracle', 'golden.py')
  try {
    execFileSync('python3', [oracle, '--check', file, '--lines', 'base,REQUESTS'], {
      stdio: 'inherit',
    })
    return true
  } catch {
    return false
  }
}

async function pages(api: ApiClient, path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  let cursor: unknown = null
  do {
    const separator = path.includes('?') ? '&' : '?'
    const next = cursor === null ? '' : `&cursor=${encodeURIComponent(String(cursor))}`
    const page = await get(api, `${path}${separator}limit=${PAGE_ROWS}${next}`)
    rows.push(...(page.data as Record<string, unknown>[]))
    cursor = page.nextCursor
  } while (cursor !== null)
  return rows
}

async function post(
  api: ApiClient,
  path: string,
  body: unknown,
  headers = {},
): Promise<Record<string, unknown>> {
  return succeeded(`POST ${path}`, await api.post(path, body, headers))
}

async function get(api: ApiClient, path: string): Promise<Record<string, unknown>> {
  return succeeded(`GET ${path}`, await api.get(path))
}

function succeeded(
  call: string,
  answer: { status: number; body: unknown },
): Record<string, unknown> {
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`${call}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as Record<string, unknown>
}

async function inParallel<T>(
  items: readonly T[],
  places: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: places }, run))
}

function say(what: string, value: unknown): void {
  console.log(what, typeof value === 'object' ? JSON.stringify(value) : value)
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: npm run verify:real -- FOLDER   (the folder that holds access.log)')
  process.exitCode = 2
} else process.exitCode = (await verify(folder)) ? 0 : 1
