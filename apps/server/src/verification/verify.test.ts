import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { changeInvoice } from '../invoicing/change-invoice.ts'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { correctionsRoutes } from '../usage/corrections.routes.ts'
import { eventIdOf, keyOfUuid } from '../usage/event-key.ts'
import { verificationRoutes } from './verification.routes.ts'

const START = '2026-03-01T00:00:00Z'
const IN_MARCH = '2026-03-20T10:20:00Z'
const AFTER_MARCH = '2026-04-01T01:00:00Z' // and its grace
const AFTER_APRIL = '2026-05-01T01:00:00Z'
const AFTER_MAY = '2026-06-01T01:00:00Z'

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START, [...verificationRoutes(), ...correctionsRoutes()])
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await app.good('POST', '/meters', { key: 'CALLS', groupBy: ['tier'] })
  await app.good('POST', '/customers', { customerId: 'ann' })
})

const PER_CALL = { meter: 'CALLS', model: 'per_unit', unitPrice: '0.01', includedUnits: '1000' }

async function subscribed(prices: readonly object[] = [PER_CALL], plan: object = {}) {
  const content = { currency: 'EUR', cycle: 'month', basePrice: '20', taxRate: 'vat', prices }
  await app.good('POST', '/plans', { key: 'plan', name: 'Plan', ...content, ...plan })
  return (await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'plan' })).id
}

const used = (amount: string, at = IN_MARCH, tier = 'small') =>
  app.use([{ customer: 'ann', name: 'CALLS', at, amount, metadata: { tier } }])

/** The ids of the final ones, the oldest first. */
async function invoices(): Promise<string[]> {
  const { data } = await app.good('GET', '/invoices?limit=100')
  const final = data.filter(({ status }: { status: string }) => status !== 'draft')
  return final.map(({ id }: { id: string }) => id).reverse()
}

const verify = (id: string) => app.good('POST', `/invoices/${id}/verify`)

async function onlyOne(): Promise<string> {
  const [id = '', ...others] = await invoices()
  expect(others).toEqual([])
  return id
}

/** All invoices, each with what differs of it. */
async function differing() {
  const all = []
  for (const id of await invoices()) {
    const { kind, verified, digests, differences, rollUps } = await verify(id)
    expect(digests.stored === digests.recomputed).toBe(verified)
    all.push([kind, ...differences, ...rollUps])
  }
  return all
}

/** Does what the database refuses the program, as whoever owns the database can. */
async function tamper(statement: string, ...values: readonly unknown[]): Promise<void> {
  const { url } = await testDatabase()
  await withClient(url, async (client) => {
    await client.query('set session_replication_role = replica') // no trigger stops it
    const { rowCount } = await client.query(statement, [...values])
    expect(rowCount).toBe(1)
  })
}

describe('an invoice that nobody has touched is verified', () => {
  const tiers = [
    { upTo: '1000', unitPrice: '0.02' },
    { upTo: null, unitPrice: '0.01', flatFee: '3' },
  ]
  test.each<[string, object]>([
    ['per unit', PER_CALL],
    ['per package', { model: 'package', packageSize: '250', packagePrice: '1.99' }],
    ['by tiers, graduated', { model: 'graduated', tiers }],
    ['by tiers, by volume', { model: 'volume', tiers }],
    ['by percentage', { model: 'percentage', percent: '2.9', fixedPerEvent: '0.3' }],
    ['with a minimum', { ...PER_CALL, minimum: '50' }],
    ['with a maximum', { ...PER_CALL, maximum: '1' }],
    [
      'by a property',
      {
        ...{ model: 'by_dimension', properties: ['tier'] },
        cases: [{ values: ['big'], price: { model: 'per_unit', unitPrice: '0.08' } }],
        otherwise: { model: 'per_unit', unitPrice: '0.04' },
      },
    ],
  ])('%s', async (_model, price) => {
    await subscribed([{ meter: 'CALLS', ...price }])
    await used('1234.5')
    await used('17', IN_MARCH, 'big')
    await app.until(AFTER_MARCH)
    expect(await differing()).toEqual([['period']])
  })

  test('of a plan in advance with a minimum, each by what was charged before it', async () => {
    await subscribed([PER_CALL], { baseInAdvance: true, minimum: '100' })
    await used('3000')
    await app.until(AFTER_APRIL)
    expect(await differing()).toEqual([['advance'], ['period'], ['period']])
  })

  test('with late usage, and with what came later still', async () => {
    await subscribed()
    await used('1500')
    await app.until(AFTER_MARCH)
    await used('200')
    await app.until(AFTER_APRIL)
    await used('30')
    await app.until(AFTER_MAY)
    await used('4')
    expect(await differing()).toEqual([['period'], ['period'], ['period']])
  })

  test('whatever the meter does with late usage now', async () => {
    await subscribed()
    await app.until(AFTER_MARCH)
    await used('1500')
    await app.until(AFTER_APRIL)
    await app.good('PATCH', '/meters/CALLS', { lateUsage: 'absorb', name: 'Renamed' })
    await used('1500')
    await app.until(AFTER_MAY)
    await app.good('PATCH', '/meters/CALLS', { lateUsage: 'bill' })
    expect(await differing()).toEqual([['period'], ['period'], ['period']])
  })

  test('whose events were voided since', async () => {
    await subscribed()
    await used('1500')
    await app.until(AFTER_MARCH)
    await app.good('POST', `/events/${await eventOf('1500')}/void`, {})
    expect(await differing()).toEqual([['period']])
  })

  test('with threshold invoices, and what they took off', async () => {
    const id = await subscribed()
    await app.good('PUT', `/subscriptions/${id}/spend-threshold`, { amount: '10' })
    await app.good('POST', '/coupons', {
      key: 'ten',
      name: 'Ten',
      percent: '10',
      duration: 'forever',
    })
    await app.good('POST', '/coupon-attachments', { coupon: 'ten', customerId: 'ann' })
    await app.good('POST', '/customers/ann/credits', { meter: 'CALLS', units: '300' })
    await used('3000', '2026-03-02T01:00:00Z')
    await app.until('2026-03-02T12:00:00Z')
    await used('5000', '2026-03-03T01:00:00Z')
    await app.until('2026-03-04T00:00:00Z')
    await app.good('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    await app.until(AFTER_MARCH)
    expect(await differing()).toEqual([['threshold'], ['threshold'], ['period']])
  })

  test('that is of no plan, with taxes and credits of its own', async () => {
    await app.good('POST', '/customers/ann/credits', { currency: 'EUR', amountMinor: '700' })
    const items = [
      { description: 'Integration', quantity: '2.5', unitAmount: '120', taxRate: 'vat' },
      { description: 'Handbook', unitAmount: '9.99' },
    ]
    await app.good('POST', '/invoices', { customerId: 'ann', currency: 'EUR', items })
    expect(await differing()).toEqual([['one_off']])
  })

  test('whatever has become since of its customer, coupons and credits', async () => {
    await subscribed()
    await app.good('PATCH', '/customers/ann', { taxExempt: true })
    await app.good('POST', '/coupons', {
      key: 'ten',
      name: 'Ten',
      percent: '10',
      duration: 'forever',
    })
    const { id } = await app.good('POST', '/coupon-attachments', {
      coupon: 'ten',
      customerId: 'ann',
    })
    await app.good('POST', '/customers/ann/credits', { meter: 'CALLS', units: '70' })
    await app.good('POST', '/customers/ann/credits', { currency: 'EUR', amountMinor: '700' })
    await used('4000')
    await app.until(AFTER_MARCH)
    const [invoice] = await invoices()
    await app.good('PATCH', '/customers/ann', { taxExempt: false })
    await app.good('POST', `/coupon-attachments/${id}/detach`)
    await app.good('POST', '/customers/ann/credits', { meter: 'CALLS', units: '5000' })
    expect(await differing()).toEqual([['period']])
    await inOwnTransaction((tx) =>
      changeInvoice(tx, app.envId, { id: invoice ?? '', step: 'void', reason: null }, new Date()),
    )
    expect(await differing()).toEqual([['period']])
  })
})

/** The id of the event with this amount. */
function eventOf(amount: string): Promise<string> {
  return inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ key: string }>`
      select key from usage_events where env_id = ${app.envId} and amount = ${amount}::numeric`.execute(
      tx,
    )
    return eventIdOf(keyOfUuid(rows[0]?.key ?? ''))
  })
}

describe('what was tampered with is found and named', () => {
  beforeEach(async () => {
    await subscribed()
    await used('1500')
    await used('500', '2026-03-21T00:00:00Z')
    await app.until(AFTER_MARCH)
    expect(await differing()).toEqual([['period']])
  })

  test('a sum of the roll-up, though the invoice is right', async () => {
    const hour = '2026-03-20T10:00:00Z'
    await tamper(
      'update usage_rollups set sum = sum + 1 where env_id = $1 and hour = $2',
      app.envId,
      hour,
    )
    expect(await verify(await onlyOne())).toMatchObject({
      ...{ verified: false, differences: [], lines: [{ matches: true }, { matches: true }] },
      rollUps: [
        {
          ...{ meter: 'CALLS', from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
          ...{ rollUp: { events: '2', sum: '2001' }, events: { events: '2', sum: '2000' } },
        },
      ],
    })
  })

  test('an amount of a line', async () => {
    const id = await onlyOne()
    await tamper(
      'update invoice_lines set amount_minor = 999 where invoice_id = $1 and line_no = 2',
      id,
    )
    const answer = await verify(id)
    expect(answer).toMatchObject({
      verified: false,
      rollUps: [],
      lines: [
        { lineNo: 1, matches: true },
        { lineNo: 2, matches: false },
      ],
      differences: [
        { where: 'line', lineNo: 2, field: 'amountMinor', stored: '999', recomputed: '1000' },
      ],
    })
    const { stored, recomputed } = answer.lines[1].digests
    expect(stored).not.toBe(recomputed)
    expect(answer.digests.stored).not.toBe(answer.digests.recomputed)
  })

  test.each([
    ['quantity', '1999', '2000'],
    ['included', '999', '1000'],
    ['unit_price', '0.02', '0.01'],
    ['tax_minor', '191', '190'],
    ['tax_rate_id', 'other', null],
    ['period_start', '2026-03-02T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ])('the %s of a line', async (column, value, right) => {
    const id = await onlyOne()
    await tamper(
      `update invoice_lines set ${column} = $1 where invoice_id = $2 and line_no = 2`,
      value,
      id,
    )
    const { verified, differences } = await verify(id)
    const field = column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    const recomputed = right ?? expect.stringMatching(/^[a-z]+_/)
    expect([verified, differences]).toMatchObject([
      false,
      [{ where: 'line', lineNo: 2, field, stored: value, recomputed }],
    ])
  })

  test('a line that is gone', async () => {
    const id = await onlyOne()
    await tamper('delete from invoice_lines where invoice_id = $1 and line_no = 1', id)
    const { lines, differences } = await verify(id)
    expect(lines.map(({ matches }: { matches: boolean }) => matches)).toEqual([true, false])
    expect(differences).toContainEqual({
      ...{ where: 'line', lineNo: 1, adjustment: null, field: 'amountMinor' },
      ...{ stored: null, recomputed: '2000' },
    })
  })

  test.each([
    ['invoices', 'total_minor', 'totalMinor'],
    ['invoices', 'subtotal_minor', 'subtotalMinor'],
  ])('of %s the %s', async (table, column, field) => {
    const id = await onlyOne()
    await tamper(`update ${table} set ${column} = 1 where id = $1`, id)
    const { differences } = await verify(id)
    expect(differences).toMatchObject([{ where: 'invoice', field, stored: '1' }])
  })

  test('a tax', async () => {
    const id = await onlyOne()
    await tamper('update invoice_adjustments set taxable_minor = 1 where invoice_id = $1', id)
    const { differences } = await verify(id)
    expect(differences).toMatchObject([
      { where: 'adjustment', adjustment: { kind: 'tax' }, field: 'taxableMinor', stored: '1' },
    ])
  })

  test('an event, by the quantity and all that follows from it', async () => {
    await tamper(
      'update usage_events set amount = 400 where env_id = $1 and amount = 500',
      app.envId,
    )
    const { verified, differences, rollUps } = await verify(await onlyOne())
    expect(verified).toBe(false)
    expect(differences).toContainEqual({
      ...{ where: 'line', lineNo: 2, adjustment: null, field: 'quantity' },
      ...{ stored: '2000', recomputed: '1900' },
    })
    expect(differences).toContainEqual({
      ...{ where: 'invoice', lineNo: null, adjustment: null, field: 'totalMinor' },
      ...{ stored: '3570', recomputed: '3451' },
    })
    expect(rollUps).toMatchObject([{ rollUp: { sum: '2000' }, events: { sum: '1900' } }])
  })

  test('an event that was slipped in with an old transaction number', async () => {
    await tamper(
      `insert into usage_events (env_id, xid, key, fingerprint, occurred_at, sequence, name, customer, amount, metadata)
      select env_id, xid, gen_random_uuid(), 0, occurred_at, 0, name, customer, 7, metadata
      from usage_events where env_id = $1 and amount = 500`,
      app.envId,
    )
    const { differences } = await verify(await onlyOne())
    expect(differences).toContainEqual(
      expect.objectContaining({ field: 'quantity', stored: '2000', recomputed: '2007' }),
    )
  })
})

test('a draft has nothing to verify, and what does not exist neither', async () => {
  await subscribed()
  await app.until('2026-04-01T00:00:00Z')
  const { data } = await app.good('GET', '/invoices')
  expect(await app.refused('POST', `/invoices/${data[0].id}/verify`)).toBe('invoice.not_final')
  expect(await app.refused('POST', '/invoices/inv_none/verify')).toBe('invoice.unknown')
})

describe('a sum that is wrong before an invoice is made', () => {
  test('stops its subscription, which says so, until somebody lets it go on', async () => {
    const subscription = await subscribed()
    await used('1500')
    await tamper('update usage_rollups set sum = sum + 1 where env_id = $1', app.envId)
    await app.until(AFTER_MARCH)
    expect(await invoices()).toEqual([])
    const { parkedReason } = await app.good('GET', `/subscriptions/${subscription}`)
    expect(parkedReason).toMatch(/the roll-up says .* sum 1501.*, its events say .* sum 1500/)

    await app.good('POST', `/subscriptions/${subscription}/unpark`)
    await app.until('2026-04-02T00:00:00Z')
    expect(await invoices()).toEqual([]) // still wrong: it stops again
    expect((await app.good('GET', `/subscriptions/${subscription}`)).parkedReason).not.toBeNull()

    await tamper('update usage_rollups set sum = sum - 1 where env_id = $1', app.envId)
    await app.good('POST', `/subscriptions/${subscription}/unpark`)
    await app.until('2026-04-03T00:00:00Z')
    expect(await differing()).toEqual([['period']])
    expect(await app.good('GET', `/subscriptions/${subscription}`)).toMatchObject({
      ...{ parkedReason: null, status: 'active' },
    })
    expect(await app.refused('POST', `/subscriptions/${subscription}/unpark`)).toBe(
      'subscription.not_parked',
    )
  })
})
