import { beforeEach, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { invoicesRoutes } from './invoices.routes.ts'
import { advance, fold, forgetWork, onlyInvoice, subscribed, use } from './test-billing.ts'

const NDJSON = { headers: { ...KEY, accept: 'application/x-ndjson' } }

let app: TestApp
beforeEach(async () => {
  await forgetWork()
  app = await serveForTest(invoicesRoutes())
  await inOwnTransaction(async (tx) => {
    await createRootCustomer(tx, app.envId, new Date('2026-03-01T00:00:00Z'))
    await aMeter(tx, app.envId)
    await aPlan(tx, app.envId)
  })
})

/** More than a page holds at one instant, and others from the first to the last of the period. */
const CROWD = Array.from({ length: 1_203 }, () => ({ customer: 'ann', at: '2026-03-10T10:00:00Z' }))
const FEW = [
  '2026-03-01T00:00:00Z',
  '2026-03-01T00:59:59.999999Z',
  '2026-03-10T09:59:59.999999Z',
  '2026-03-10T10:00:00.000001Z',
  '2026-03-31T23:59:59.999999Z',
].map((at) => ({ customer: 'bob', at }))
const OUTSIDE = ['2026-02-28T23:59:59Z', '2026-04-01T00:00:00Z'].map((at) => ({
  ...{ customer: 'bob', at },
}))

test('a stream has exactly the events that the pages have, in their order, each once', async () => {
  await subscribed(app.envId)
  await use(app.envId, [...CROWD, ...FEW, ...OUTSIDE])
  await fold()
  await advance(app.envId, '2026-04-01T01:00:00Z')
  const { id } = await onlyInvoice(app.envId)
  await use(app.envId, FEW) // late: of another invoice
  const target = `/api/v1/invoices/${id}/lines/2/events`

  const { status, headers, text } = await app.send('GET', target, NDJSON)
  expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8'])
  const streamed = text.split('\n').slice(0, -1)
  expect(streamed).toHaveLength(CROWD.length + FEW.length)
  expect(streamed).toEqual((await paged(target)).map((event) => JSON.stringify(event)))
})

async function paged(target: string): Promise<unknown[]> {
  const events: unknown[] = []
  for (let cursor = ''; ; ) {
    const { json } = await app.send('GET', `${target}?limit=200${cursor}`, { headers: KEY })
    events.push(...json.data)
    if (json.nextCursor === null) return events
    cursor = `&cursor=${json.nextCursor}`
  }
}

test('a line that counts nothing streams nothing, and one that is not there is refused', async () => {
  await subscribed(app.envId)
  await advance(app.envId, '2026-04-01T01:00:00Z')
  const { id } = await onlyInvoice(app.envId)
  const lines = `/api/v1/invoices/${id}/lines`
  expect(await app.send('GET', `${lines}/1/events`, NDJSON)).toMatchObject({
    status: 200,
    text: '',
  })
  const { status, json } = await app.send('GET', `${lines}/9/events`, NDJSON)
  expect([status, json.error.code]).toEqual([404, 'invoice.line_unknown'])
})
