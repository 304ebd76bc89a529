import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import { KEY } from '../platform/http/test-app.ts'
import { verificationRoutes } from '../verification/verification.routes.ts'
import { runCommandLine } from './program.ts'

let app: BillingApp
let invoice: string
let said: string
beforeEach(async () => {
  app = await billingApp('2026-03-01T00:00:00Z', verificationRoutes())
  await app.good('POST', '/customers', { customerId: 'ann' })
  const items = [{ description: 'Work', unitAmount: '120' }]
  const wanted = { customerId: 'ann', currency: 'EUR', items }
  invoice = (await app.good('POST', '/invoices', wanted)).id
  said = ''
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text)
      return true
    })
})
afterEach(() => vi.restoreAllMocks())

const verify = (...words: string[]) =>
  runCommandLine([
    ...['verify', ...words, '--url', `http://127.0.0.1:${app.port}`],
    ...['--key', KEY['x-usageflow-api-key']],
  ])

async function spoil(): Promise<void> {
  const { url } = await testDatabase()
  await withClient(url, async (client) => {
    await client.query('set session_replication_role = replica') // no trigger stops it
    await client.query('update invoice_lines set amount_minor = 1 where invoice_id = $1', [invoice])
  })
}

test('an invoice that is as its items say is verified, and the command ends well', async () => {
  expect(await verify(invoice)).toBe(0)
  expect(said).toMatch(
    /^INV-000001: all 1 lines are what their events say\. SHA-256 [0-9a-f]{64}\n$/,
  )
})

test('what differs is a table, and the command ends with 1', async () => {
  await spoil()
  expect(await verify(invoice)).toBe(1)
  expect(said).toMatch(/^line 1 +amountMinor +1 +12000$/m)
  expect(said).toContain('usageflow: INV-000001 is not what its events say')
})

test('programs get the answer as JSON', async () => {
  await spoil()
  expect(await verify(invoice, '--json')).toBe(1)
  const [answer = ''] = said.split('\n')
  expect(JSON.parse(answer)).toMatchObject({ invoiceId: invoice, verified: false })
})

test('an invoice that is not there is said to be unknown', async () => {
  expect(await verify('inv_none')).toBe(1)
  expect(said).toBe('usageflow: There is no invoice "inv_none".\n')
})
