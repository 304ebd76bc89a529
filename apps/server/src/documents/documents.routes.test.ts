import { expect, test } from 'vitest'
import { plansRoutes } from '../catalog/plans.routes.ts'
import { aMeter } from '../catalog/test-plans.ts'
import { creditNotesRoutes } from '../credit-notes/credit-notes.routes.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { customersRoutes } from '../customers/customers.routes.ts'
import { attachFromStart } from '../discounts/attach-coupon.ts'
import { invoicesRoutes } from '../invoicing/invoices.routes.ts'
import { advance, fold, forgetWork, use } from '../invoicing/test-billing.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { KEY, serveForTest } from '../platform/http/test-app.ts'
import { settingsRoutes } from '../settings/settings.routes.ts'
import { subscriptionsRoutes } from '../subscriptions/subscriptions.routes.ts'
import { documentsRoutes } from './documents.routes.ts'

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('invoices and credit notes are numbered by their patterns, and PDFs whoever may read them can have', async () => {
  await forgetWork()
  const { database: db } = await testDatabase()
  const app = await serveForTest([
    ...customersRoutes(),
    ...plansRoutes(),
    ...subscriptionsRoutes({ attachFromStart }),
    ...invoicesRoutes(),
    ...settingsRoutes(),
    ...creditNotesRoutes(),
    ...documentsRoutes({ db }),
  ])
  await inOwnTransaction(async (tx) => {
    await createRootCustomer(tx, app.envId, new Date())
    await aMeter(tx, app.envId)
  })
  const send = async (method: string, target: string, body?: unknown) => {
    const answer = await app.send(method, `/api/v1${target}`, { headers: KEY, body })
    expect(answer.status, JSON.stringify(answer.json)).toBeLessThan(300)
    return answer.json
  }
  const prices = [{ meter: 'API_CALL', model: 'per_unit', unitPrice: '0.01' }]
  await send('PATCH', '/settings/billing', { numberPattern: 'CLOUD/{year}/{number:4}' })
  await send('POST', '/plans', {
    key: 'pro',
    name: 'Pro',
    currency: 'USD',
    cycle: 'month',
    basePrice: '100',
    prices,
  })
  await send('POST', '/customers', { customerId: 'ann', name: 'Ann' })
  await send('POST', '/subscriptions', {
    plan: 'pro',
    customerId: 'ann',
    startedAt: '2026-03-01T00:00:00Z',
    cancelAt: '2026-04-01T00:00:00Z',
  })
  await use(app.envId, [{ customer: 'ann', at: '2026-03-05T00:00:00Z', amount: '12000' }])
  await fold()
  await advance(app.envId, '2026-04-01T01:00:00Z')
  const { data } = await send('GET', '/invoices?status=finalized')
  expect(data).toMatchObject([{ number: 'CLOUD/2026/0001', total: '220.00' }])

  const path = `/api/v1/invoices/${data[0].id}/pdf`
  const pdf = await app.send('GET', path, { headers: KEY })
  expect(pdf.status).toBe(200)
  expect(pdf.headers['content-type']).toBe('application/pdf')
  expect(pdf.headers['content-disposition']).toBe('inline; filename="CLOUD-2026-0001.pdf"')
  expect(pdf.text.slice(0, 5)).toBe('%PDF-')

  const id = data[0].id
  const taken = { amount: '20', settlement: 'credit', reason: 'Down for a day' }
  const note = await send('POST', `/invoices/${id}/credit-notes`, taken)
  const notePdf = await app.send('GET', `/api/v1/credit-notes/${note.id}/pdf`, { headers: KEY })
  expect(notePdf.headers['content-disposition']).toBe('inline; filename="CN-000001.pdf"')
  expect(notePdf.text.slice(0, 5)).toBe('%PDF-')

  const next = (query = '') => send('GET', `/settings/billing/next-numbers${query}`)
  const year = new Date().getUTCFullYear()
  expect(await next()).toEqual({
    invoice: { number: `CLOUD/${year}/0002`, problem: null },
    creditNote: { number: 'CN-000002', problem: null },
  })
  expect(await next('?numberPattern=N-{number:3}&creditNotePattern=none')).toEqual({
    invoice: { number: 'N-002', problem: null },
    creditNote: { number: null, problem: expect.stringContaining('must have {number} in it') },
  })
  expect(await next()).toMatchObject({ invoice: { number: `CLOUD/${year}/0002` } }) // none was taken

  expect(await send('GET', '/settings/billing/logo')).toEqual({ image: null })
  await send('PATCH', '/settings/billing', { logo: PNG })
  expect(await send('GET', '/settings/billing/logo')).toEqual({
    image: `data:image/png;base64,${PNG}`,
  })

  const unknown = await app.send('GET', '/api/v1/invoices/inv_none/pdf', { headers: KEY })
  expect([unknown.status, unknown.json.error.code]).toEqual([404, 'invoice.unknown'])
})
