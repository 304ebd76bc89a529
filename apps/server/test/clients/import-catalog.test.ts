import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'

const THEIR_KEY = 'theirs'

let app: RunningApp
let source: Server

const meters = Array.from({ length: 101 }, (_, at) => ({
  ...{ id: `m${at}`, name: `Meter ${at}`, event_name: `event.${at}` },
  aggregation: { type: at === 7 ? 'median' : 'sum', key: 'tokens' },
}))
const aProduct = (product_id: string, meter_id: string) => ({
  ...{ product_id, name: `Product ${product_id}` },
  price: {
    ...{ type: 'usage_based_price', currency: 'USD', fixed_price: 2_000 },
    ...{ payment_frequency_count: 1, payment_frequency_interval: 'Month' },
    meters: [{ meter_id, price_per_unit: '1', free_threshold: 10 }],
  },
})
const products = [aProduct('a', 'm100'), aProduct('b', 'm7')]
const metrics = ['one', 'two', 'three'].map((code) => ({
  code,
  name: code,
  aggregation_type: 'count_agg',
}))
const charges = [
  { billable_metric_code: 'two', charge_model: 'standard', properties: { amount: '0.1' } },
]
const lagoPlan = {
  code: 'lago',
  name: 'Lago',
  interval: 'monthly',
  amount_cents: 100,
  amount_currency: 'EUR',
  charges,
}
const openmeter = Array.from({ length: 101 }, (_, at) => ({
  ...{ slug: at === 0 ? 'om_tokens' : `om_${at}`, aggregation: 'SUM' },
  ...{ eventType: 'prompt', valueProperty: '$.tokens' },
}))

/** The lists of three products, in the pages in which they give them. */
function answerOf({ pathname, searchParams }: URL): unknown {
  const [number, size] = [
    Number(searchParams.get('page_number')),
    Number(searchParams.get('page_size')),
  ]
  const page = (all: readonly unknown[]) => ({
    items: all.slice(number * size, (number + 1) * size),
  })
  if (pathname === '/dodo/meters') return page(meters)
  if (pathname === '/dodo/products') return page(products.map(({ product_id }) => ({ product_id })))
  if (pathname.startsWith('/dodo/products/'))
    return products.find(({ product_id }) => pathname.endsWith(`/${product_id}`))
  if (pathname === '/pageless/api/v1/meters') return openmeter.slice(0, 100)
  if (pathname === '/openmeter/api/v1/meters') {
    const first = (Number(searchParams.get('page') ?? 1) - 1) * 100
    return openmeter.slice(first, first + Number(searchParams.get('pageSize') ?? 100))
  }
  const at = Number(searchParams.get('page'))
  const meta = { current_page: at, next_page: at < 3 ? at + 1 : null }
  if (pathname === '/lago/billable_metrics') return { billable_metrics: [metrics[at - 1]], meta }
  return { plans: [lagoPlan], meta: { next_page: null } }
}

beforeAll(async () => {
  app = await runApp()
  source = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${THEIR_KEY}`
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answerOf(new URL(request.url ?? '', 'http://source'))))
  })
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await app.stop()
  source.closeAllConnections()
  source.close()
})

/** Runs the command and gives what it wrote: to the terminal, and what went wrong. */
async function importCatalog(key: string, product: string, ...more: string[]) {
  const written = { out: '', err: '' }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += text
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += text
    return true
  })
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  const args = ['import-catalog', product, '--url', app.address, '--key', key, ...more]
  const code = await runCommandLine(args).finally(() => {
    out.mockRestore()
    err.mockRestore()
  })
  return { code, ...written }
}

/** An export of theirs. */
function fileOf(lists: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'usageflow-export-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'export.json')
  writeFileSync(file, JSON.stringify(lists))
  return file
}

const from = (product: string) => {
  const { port } = source.address() as AddressInfo
  return ['--from-url', `http://127.0.0.1:${port}/${product}`, '--from-key', THEIR_KEY]
}

test('meters and products of Dodo Payments are taken over once, and what cannot be says why', async () => {
  const { testKey: key } = await anOrganization('From Dodo')
  const ours = async (path: string) => (await app.call('GET', path, { key })).json.data

  const tried = await importCatalog(key, 'dodo', ...from('dodo'), '--dry-run')
  expect(tried.out).toContain('101 would be imported, 0 there already, 2 left out.')
  expect(await ours('/api/v1/meters')).toEqual([])

  const first = await importCatalog(key, 'dodo', ...from('dodo'))
  expect(first.out).toContain('101 imported, 0 there already, 2 left out.')
  expect(first.out).toMatch(/meter +Meter_7 +left out +there is no aggregation "median" here/)
  expect(first.out).toMatch(/plan +Product_b +left out +its meter Meter_7 was left out/)
  const [plan, ...others] = await ours('/api/v1/plans')
  expect(others).toEqual([])
  expect(plan).toMatchObject({
    key: 'Product_a',
    versions: [
      {
        basePrice: '20.00',
        prices: [{ meter: 'Meter_100', unitPrice: '0.01', includedUnits: '10' }],
      },
    ],
  })

  const again = await importCatalog(key, 'dodo', ...from('dodo'), '--json')
  const { outcomes } = JSON.parse(again.out)
  expect(
    outcomes.filter(({ outcome }: { outcome: string }) => outcome === 'there already'),
  ).toHaveLength(101)
  expect(await ours('/api/v1/meters?limit=200')).toHaveLength(100)
})

test('metrics and plans of Lago, and meters of OpenMeter, are taken over once', async () => {
  const { testKey: key } = await anOrganization('From others')
  const lago = await importCatalog(key, 'lago', ...from('lago'))
  expect(lago.out).toContain('4 imported, 0 there already, 0 left out.')
  expect((await importCatalog(key, 'lago', ...from('lago'))).out).toContain('0 imported, 4 there')
  const { out } = await importCatalog(key, 'openmeter', ...from('openmeter'))
  expect(out).toContain('101 imported, 0 there already, 0 left out.')
})

test('an OpenMeter that gives all of its meters on each page is read once', async () => {
  const { testKey: key } = await anOrganization('Pageless')
  const { out } = await importCatalog(key, 'openmeter', ...from('pageless'), '--dry-run')
  expect(out).toContain('100 would be imported, 0 there already, 0 left out.')
})

test('a meter of ours that counts something else is left as it is, and told', async () => {
  const { testKey: key } = await anOrganization('Taken')
  await app.call('POST', '/api/v1/meters', { key, body: { key: 'om_tokens', aggregation: 'MAX' } })
  const { out } = await importCatalog(key, 'openmeter', ...from('openmeter'))
  expect(out).toMatch(/left out +another meter has this key: its eventName and aggregation/)
})

test('a meter with a filter is there already the second time, also when it was made by hand', async () => {
  const { testKey: key } = await anOrganization('Filtered')
  const clauses = [{ key: 'model', operator: 'equals', value: 'large' }]
  const filtered = { ...meters[0], name: 'Filtered', filter: { conjunction: 'and', clauses } }
  const dodo = fileOf({ meters: [filtered], products: [] })
  expect((await importCatalog(key, 'dodo', '--file', dodo)).out).toContain('1 imported')
  expect((await importCatalog(key, 'dodo', '--file', dodo)).out).toContain('1 there already')

  const grouped = { key: 'grouped', aggregation: 'COUNT', groupBy: ['b', 'a'] }
  await app.call('POST', '/api/v1/meters', { key, body: grouped })
  const metric = { ...metrics[0], code: 'grouped', filters: [{ key: 'a' }, { key: 'b' }] }
  const lago = fileOf({ billable_metrics: [metric], plans: [] })
  expect((await importCatalog(key, 'lago', '--file', lago)).out).toContain('1 there already')
})

test.each([
  ['rounding', { rounding: { mode: 'up' } }],
  ['conversion', { conversion: { divisor: '1000' } }],
  ['filter', { filter: { property: ['a'], operator: 'eq', value: 1 } }],
])('a meter of ours with a %s that theirs has not is another meter', async (field, more) => {
  const { testKey: key } = await anOrganization(`Other ${field}`)
  const body = { key: 'two', aggregation: 'COUNT', ...more }
  expect(await app.call('POST', '/api/v1/meters', { key, body })).toMatchObject({ status: 201 })
  const { out } = await importCatalog(key, 'lago', ...from('lago'))
  expect(out).toMatch(new RegExp(`two +left out +another meter has this key: its ${field} differs`))
  expect(out).toMatch(/plan +lago +left out +its meter two was left out/)
})

test('what is archived or missing here leaves out what it concerns, and the rest is imported', async () => {
  const { testKey: key } = await anOrganization('Archived')
  await app.call('POST', '/api/v1/meters', { key, body: { key: 'two', aggregation: 'COUNT' } })
  await app.call('DELETE', '/api/v1/meters/two', { key })
  const archived = await importCatalog(key, 'lago', ...from('lago'))
  expect(archived).toMatchObject({ code: 0 })
  expect(archived.out).toMatch(/meter +two +left out +the one of this key is archived/)
  expect(archived.out).toContain('2 imported, 0 there already, 2 left out.')

  const unmetered = {
    ...lagoPlan,
    code: 'missing',
    charges: [{ ...charges[0], billable_metric_code: 'nowhere' }],
  }
  const plans = [unmetered, { ...lagoPlan, code: 'flat', charges: [] }]
  const file = fileOf({ billable_metrics: [], plans })
  const tried = await importCatalog(key, 'lago', '--file', file, '--dry-run')
  expect(tried.out).toMatch(/plan +missing +left out +.*"nowhere"/)
  expect(tried.out).toContain('1 would be imported, 0 there already, 1 left out.')
  const missing = await importCatalog(key, 'lago', '--file', file)
  expect(missing).toMatchObject({ code: 0 })
  expect(missing.out).toMatch(/plan +missing +left out +.*"nowhere"/)
  expect(missing.out).toMatch(/plan +flat +imported/)
})

test('a plan of ours that bills otherwise stays as it is, and says in what', async () => {
  const { testKey: key } = await anOrganization('Other plan')
  await importCatalog(key, 'lago', ...from('lago'))
  const same = await importCatalog(key, 'lago', ...from('lago'))
  expect(same.out).not.toContain('otherwise')
  const dearer = [{ ...charges[0], properties: { amount: '0.2' } }]
  const plans = [{ ...lagoPlan, amount_cents: 200, charges: dearer }]
  const { out } = await importCatalog(
    key,
    'lago',
    '--file',
    fileOf({ billable_metrics: [], plans }),
  )
  expect(out).toMatch(/plan +lago +there already +it bills otherwise: basePrice, prices/)
})

test('who may not read or write, there or here, is told so', async () => {
  const { testKey: key } = await anOrganization('Refused')
  const there = await importCatalog(key, 'lago', ...from('lago').slice(0, -1), 'wrong')
  expect(there).toMatchObject({ code: 1, err: expect.stringContaining('with 401') })
  const here = await importCatalog('uf_test_x', 'openmeter', ...from('openmeter'))
  expect(here).toMatchObject({ code: 1, err: expect.stringContaining('answered 401') })
  const nothing = await importCatalog(key, 'lago')
  expect(nothing).toMatchObject({ code: 1, err: expect.stringContaining('--from-key') })
})
