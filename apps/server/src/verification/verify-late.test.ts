import { expect, test } from 'vitest'
import { pruneLateHours } from '../invoicing/prune-late-hours.ts'
import { billingApp } from '../invoicing/test-http.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import { verificationRoutes } from './verification.routes.ts'

test('usage that came after the end of a subscription is verified, also when where it came is forgotten', async () => {
  const app = await billingApp('2026-03-01T00:00:00Z', verificationRoutes())
  await app.good('POST', '/meters', { key: 'CALLS' })
  const prices = [{ meter: 'CALLS', model: 'per_unit', unitPrice: '0.01', includedUnits: '1000' }]
  const plan = { key: 'plan', name: 'Plan', currency: 'EUR', cycle: 'month', basePrice: '20' }
  await app.good('POST', '/plans', { ...plan, prices })
  await app.good('POST', '/customers', { customerId: 'ann' })
  const { id } = await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'plan' })
  const used = (amount: string) =>
    app.use([{ customer: 'ann', name: 'CALLS', at: '2026-03-20T10:20:00Z', amount }])

  /** The kinds of all invoices, the oldest first, each with how many fields of it differ. */
  async function verified() {
    const { data } = await app.good('GET', '/invoices?limit=100')
    const all = []
    for (const { id: invoice } of data.toReversed()) {
      const { kind, differences, rollUps } = await app.good('POST', `/invoices/${invoice}/verify`)
      all.push(`${kind} ${differences.length + rollUps.length}`)
    }
    return all
  }

  await app.until('2026-03-31T00:00:00Z')
  await app.good('POST', `/subscriptions/${id}/cancel`, { when: 'period_end' })
  await used('900')
  await app.until('2026-05-01T01:00:00Z')
  await used('700')
  await app.until('2026-05-06T01:00:00Z')
  await used('50')
  await app.until('2026-06-10T01:00:00Z')
  await used('1')
  expect(await verified()).toEqual(['period 0', 'late 0', 'late 0'])
  await app.until('2026-07-15T01:00:00Z')
  const { database, url } = await testDatabase()
  expect(await pruneLateHours(database)).toBeGreaterThan(0)
  expect(await verified()).toEqual(['period 0', 'late 0', 'late 0', 'late 0'])
  await withClient(url, async (client) => {
    await client.query('set session_replication_role = replica') // no trigger stops it
    await client.query(
      'update invoice_lines set amount_minor = amount_minor + 1 where late_difference = 50',
    )
  })
  expect(await verified()).toEqual(['period 0', 'late 0', 'late 1', 'late 0'])
})
