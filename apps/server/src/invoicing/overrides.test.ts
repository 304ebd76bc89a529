import { beforeEach, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
const MID = '2026-03-16T12:00:00Z' // half of 31 days
const perUnit = (unitPrice: string) => ({ meter: 'CALLS', model: 'per_unit', unitPrice })

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/meters', { key: 'CALLS' })
  await app.good('POST', '/meters', { key: 'OTHER' })
  await app.good('POST', '/plans', plan('pro'))
  await app.good('POST', '/plans', plan('scale', { basePrice: '500' }))
  await app.good('POST', '/customers', { customerId: 'ann' })
})

function plan(key: string, more: object = {}) {
  const sold = { currency: 'USD', cycle: 'month', basePrice: '100', prices: [perUnit('0.01')] }
  return { key, name: key, ...sold, ...more }
}

const subscribe = (overrides?: object) =>
  app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'pro', overrides })
const change = (id: string, body: object) =>
  app.good('POST', `/subscriptions/${id}/change`, { when: 'now', ...body })
const totalOf = async (id: string) =>
  (await app.good('GET', `/subscriptions/${id}/preview`)).total as string
const calls = (at: string, amount = '1000') =>
  app.use([{ customer: 'ann', name: 'CALLS', at, amount }])

test('take the place of the base price, the minimum and prices, in the preview and on the invoice', async () => {
  const overrides = { basePrice: '80', minimum: '90', prices: [perUnit('0.002')] }
  const { id, overrides: answered } = await subscribe(overrides)
  expect(answered).toMatchObject({
    ...{ basePrice: '80.00', minimum: '90.00' },
    prices: [{ model: 'per_unit', unitPrice: '0.002', includedUnits: '0' }],
  })
  await calls('2026-03-02T00:00:00Z')
  expect(await totalOf(id)).toBe('90.00') // 80 + 2, and 8 up to the minimum
  await calls('2026-03-02T00:00:00Z', '9000')
  const total = await totalOf(id)
  expect(total).toBe('100.00')
  await app.until('2026-04-01T01:00:00Z')
  const { data } = await app.good('GET', '/invoices?status=finalized')
  expect(data).toMatchObject([{ total }])
})

test('begin with a change, and what was before is billed as it was sold', async () => {
  const { id } = await subscribe()
  await calls('2026-03-16T11:59:59.999Z')
  await calls(MID)
  app.at(MID)
  await change(id, { overrides: { basePrice: '50', prices: [perUnit('0.05')] } })
  await app.until('2026-04-01T01:00:00Z')
  const { data } = await app.good('GET', '/invoices')
  const totals = data.map(({ total }: { total: string }) => total)
  expect(totals.toReversed()).toEqual(['60.00', '75.00']) // 50 + 10, 25 + 50
})

test('are in the preview of a change, which writes nothing', async () => {
  const { id } = await subscribe()
  await app.good('POST', '/add-ons', {
    ...{ key: 'seat', name: 'Seat', currency: 'USD', amount: '5', recurring: 'period' },
  })
  await app.good('POST', `/subscriptions/${id}/add-ons`, { addOn: 'seat' })
  await calls('2026-03-02T00:00:00Z')
  const wanted = { when: 'period_end', overrides: { basePrice: '60' } }
  const path = `/subscriptions/${id}/change/preview`
  expect(await app.good('POST', path, wanted)).toMatchObject({
    at: '2026-04-01T00:00:00.000Z',
    before: { total: '115.00', lines: [{ kind: 'base' }, { description: 'Seat' }, {}] },
    after: { total: '75.00' },
    differenceMinor: '-4000',
  })
  const kept = await app.good('GET', `/subscriptions/${id}`)
  expect(kept).toMatchObject({ overrides: null, scheduledChange: null })
  const same = { when: 'now', quantity: '1' }
  expect(await app.refused('POST', path, same)).toBe('subscription.nothing_changes')
})

test('can be planned, and are told of before they hold', async () => {
  const { id } = await subscribe({ basePrice: '80' })
  const planned = await change(id, { overrides: { basePrice: '60' }, when: 'period_end' })
  expect(planned).toMatchObject({
    overrides: { basePrice: '80.00' },
    scheduledChange: { at: '2026-04-01T00:00:00.000Z', overrides: { basePrice: '60.00' } },
  })
  await app.until('2026-05-01T01:00:00Z')
  const { data } = await app.good('GET', '/invoices')
  const totals = data.map(({ total }: { total: string }) => total)
  expect(totals.toReversed()).toEqual(['80.00', '60.00'])
})

describe('when something else changes', () => {
  test('stay with the plan, and end with it', async () => {
    const { id } = await subscribe({ basePrice: '80' })
    app.at('2026-03-02T00:00:00Z')
    expect(await change(id, { quantity: '2' })).toMatchObject({ overrides: { basePrice: '80.00' } })
    app.at('2026-03-03T00:00:00Z')
    expect(await change(id, { plan: 'scale' })).toMatchObject({ overrides: null })
  })

  test('are taken away by {}, and the same ones are no change', async () => {
    const { id } = await subscribe({ basePrice: '80', prices: [perUnit('0.002')] })
    app.at(MID)
    const same = { when: 'now', overrides: { basePrice: '80.0', prices: [perUnit('0.0020')] } }
    const refused = await app.refused('POST', `/subscriptions/${id}/change`, same)
    expect(refused).toBe('subscription.nothing_changes')
    expect(await change(id, { overrides: {} })).toMatchObject({ overrides: null })
  })

  test('must fit the version that a subscription is moved to', async () => {
    const { id } = await subscribe({ prices: [perUnit('0.002')] })
    const { key, name, ...version } = plan('pro', { prices: [{ ...perUnit('1'), meter: 'OTHER' }] })
    await app.good('POST', '/plans/pro/versions', version)
    const move = { when: 'now', planVersion: 2 }
    app.at(MID)
    expect(await app.refused('POST', `/subscriptions/${id}/change`, move)).toBe(
      'plan.override_unfit',
    )
    const moved = await app.good('POST', '/plans/pro/versions/2/move', {
      ...{ from: 1, when: 'now', dryRun: false },
    })
    expect(moved).toMatchObject({ data: [{ refused: { code: 'plan.override_unfit' } }] })
    await change(id, { ...move, overrides: { prices: [{ ...perUnit('2'), meter: 'OTHER' }] } })
  })
})

test.each([
  [
    'of a meter without a price',
    { prices: [{ ...perUnit('1'), meter: 'OTHER' }] },
    'plan.override_unfit',
  ],
  ['of one meter twice', { prices: [perUnit('1'), perUnit('2')] }, 'plan.meter_twice'],
  ['that no invoice can show', { basePrice: '0.001' }, 'plan.amount_impossible'],
  [
    'that a meter cannot have',
    { prices: [{ ...perUnit('1'), minimum: '0.001' }] },
    'plan.amount_impossible',
  ],
  ['with a tax of its own', { prices: [{ ...perUnit('1'), taxRate: 'vat' }] }, 'request.malformed'],
  ['of something else', { trialDays: 3 }, 'request.malformed'],
])('are refused %s', async (_, overrides, code) => {
  const body = { customerId: 'ann', plan: 'pro', overrides }
  expect(await app.refused('POST', '/subscriptions', body)).toBe(code)
})
