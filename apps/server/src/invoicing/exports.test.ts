import { beforeEach, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { exportsRoutes } from './exports.routes.ts'
import { selectStates } from './invoice-states.store.ts'
import { type BillingApp, billingApp } from './test-http.ts'

const NO_FILTER = { customer: null, subscriptionId: null, status: null }

let billing: BillingApp
beforeEach(async () => {
  billing = await billingApp('2026-03-01T00:00:00Z', exportsRoutes())
})

const exported = (target: string) => billing.text(`/exports/${target}`)

const records = async (target: string) => (await exported(target)).split('\r\n').slice(0, -1)

const item = { description: '=1+1, "quoted"', quantity: '2', unitAmount: '1.5' }

const charged = (customerId: string, items = [item]) =>
  billing.good('POST', '/invoices', {
    ...{ customerId, currency: 'EUR', items },
    period: { start: '2026-03-05T00:00:00Z', end: '2026-03-06T00:00:00Z' },
  })

/** A plan of a day, which makes an invoice every day. */
async function subscribedDaily(customerId: string): Promise<void> {
  await billing.good('POST', '/plans', {
    ...{ key: 'daily', name: 'Daily', currency: 'USD', cycle: 'day', basePrice: '1', prices: [] },
    graceSeconds: 50_400,
  })
  await billing.good('POST', '/customers', { customerId })
  await billing.good('POST', '/subscriptions', { customerId, plan: 'daily' })
}

test('as CSV no cell is run by a spreadsheet, whoever wrote it', async () => {
  await billing.good('POST', '/customers', { customerId: '=cmd|calc' })
  const { id, createdAt, dueAt } = await charged('=cmd|calc')
  const [names, row = '', ...more] = await records('invoices')
  expect(names).toMatch(/^number,invoiceId,kind,status,customerId,.*,dueAt,overdueAt$/)
  expect(row.split(',')).toEqual([
    ...['INV-000001', id, 'one_off', 'finalized', "'=cmd|calc", '', '', ''],
    ...['2026-03-05T00:00:00.000Z', '2026-03-06T00:00:00.000Z', 'EUR'],
    ...['3.00', '0.00', '0.00', '3.00', '3.00', '0.00', createdAt, createdAt, dueAt, ''],
  ])
  expect(more).toEqual([])
  const [head, line, ...others] = await records('invoice-lines')
  expect(head).toMatch(/^number,invoiceId,status,customerId,subscriptionId,lineNo,kind,/)
  expect(line).toContain(`,'=cmd|calc,,1,item,,,"'=1+1, ""quoted""",`)
  expect(line).toMatch(/,2,0,0,2,2,1\.5,0,EUR,3\.00,0\.00,0\.00,,0\.00$/)
  expect(others).toEqual([])
})

test('as NDJSON each row is what the API says', async () => {
  await billing.good('POST', '/customers', { customerId: 'ann' })
  const { id } = await charged('ann', [item, { ...item, description: 'Second' }])
  const { lines, adjustments, ...summary } = await billing.good('GET', `/invoices/${id}`)
  expect(adjustments).toEqual([])
  const rows = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  expect(rows(await exported('invoices?format=ndjson'))).toEqual([summary])
  const exportedLines = rows(await exported('invoice-lines?format=ndjson'))
  expect(exportedLines).toMatchObject(lines.map((line: object) => ({ invoiceId: id, ...line })))
})

test('without any invoice there is a head, or nothing', async () => {
  expect(await records('invoices')).toHaveLength(1)
  expect(await exported('invoices?format=ndjson')).toBe('')
})

test('all pages are there, the newest first, each invoice once', async () => {
  await billing.good('POST', '/customers', { customerId: 'ann' })
  for (let made = 0; made < 61; made++) await charged('ann') // all at one time
  const states = await inOwnTransaction((tx) =>
    selectStates(tx, billing.envId, { ...NO_FILTER, limit: 1_000, before: null }),
  )
  expect(states.length).toBe(61) // more than a page
  const [, ...rows] = await records('invoices')
  expect(rows.map((row) => row.split(',')[1])).toEqual(states.map(({ id }) => id))
  expect(await records('invoice-lines')).toHaveLength(62)
})

test.each([
  ['customerId=bob', 1],
  ['customerId=ann', 3],
  ['customerId=nobody', 0],
  ['status=finalized', 3],
  ['status=draft', 1],
  ['status=draft&periodFrom=2026-03-03T00:00:00Z', 1],
  ['status=draft&periodFrom=2026-03-03T00:00:00.001Z', 0],
  ['periodFrom=2026-03-02T00:00:00Z', 3],
  ['periodFrom=2026-03-02T00:00:00.001Z', 2],
  ['periodTo=2026-03-02T00:00:00Z', 1],
  ['periodTo=2026-03-01T23:59:59.999Z', 0],
  ['periodFrom=2026-03-02T00:00:00Z&periodTo=2026-03-03T00:00:00Z', 1],
])('of all invoices the filter %s leaves %i', async (filter, left) => {
  await subscribedDaily('ann')
  await billing.good('POST', '/customers', { customerId: 'bob' })
  await billing.until('2026-03-04T12:00:00Z')
  await charged('bob')
  expect((await records(`invoices?${filter}`)).length - 1).toBe(left)
})
