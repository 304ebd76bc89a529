import { beforeEach, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
const MID = '2026-03-16T12:00:00Z' // half of 31 days
const END = '2026-04-01T00:00:00Z'

let app: BillingApp
let subscription: string
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/plans', {
    ...{ key: 'plan', name: 'Plan', currency: 'USD', cycle: 'month', basePrice: '100' },
  })
  await addOn('seat', { amount: '30' })
  await addOn('setup', { amount: '50', recurring: 'once' })
  subscription = await subscribed()
})

async function subscribed(more: object = {}): Promise<string> {
  await app.good('POST', '/customers', { customerId: 'ann' })
  const asked = { customerId: 'ann', plan: 'plan', ...more }
  return (await app.good('POST', '/subscriptions', asked)).id
}

function addOn(key: string, more: object) {
  const made = { key, name: key, currency: 'USD', recurring: 'period', ...more }
  return app.good('POST', '/add-ons', made)
}

const path = () => `/subscriptions/${subscription}/add-ons`
const attach = (addOn: string, more: object = {}) => app.good('POST', path(), { addOn, ...more })
const detach = (id: string, when: string) => app.good('POST', `${path()}/${id}/detach`, { when })

type Row = { kind: string; name: string; quantity: string; amount: string; description: string }

/** The lines of add-ons of each invoice, the oldest first. */
async function billed(): Promise<string[][]> {
  const { data } = await app.good('GET', '/invoices')
  const rows: string[][] = []
  for (const { id } of data.toReversed()) {
    const { lines } = await app.good('GET', `/invoices/${id}`)
    const flats = (lines as Row[]).filter(({ kind }) => kind === 'flat')
    rows.push(flats.map(({ description, amount }) => `${description}: ${amount}`))
  }
  return rows
}

test('costs its amount for each whole period, as often as its quantity says', async () => {
  await attach('seat', { quantity: '3' })
  await app.until('2026-05-01T01:00:00Z')
  expect(await billed()).toEqual([['seat × 3: 90.00'], ['seat × 3: 90.00'], []].slice(0, 2))
})

test('costs the part of the period in which it is there, by its seconds', async () => {
  app.at(MID)
  const { id } = await attach('seat')
  await app.until('2026-04-16T00:00:00Z') // half of April
  await detach(id, 'now')
  await app.until('2026-05-01T01:00:00Z')
  expect(await billed()).toEqual([['seat × 0.5: 15.00'], ['seat × 0.5: 15.00']])
})

test('is in the preview what it will be on the invoice', async () => {
  await attach('seat', { from: MID })
  await attach('setup')
  const preview = await app.good('GET', `/subscriptions/${subscription}/preview`)
  await app.until('2026-04-01T01:00:00Z')
  const { data } = await app.good('GET', '/invoices?status=finalized')
  const { lines } = await app.good('GET', `/invoices/${data[0].id}`)
  expect(preview).toMatchObject({ total: '165.00', lines })
})

test('that is charged once is on one invoice, as a whole, however long it is there', async () => {
  app.at(MID)
  const { id } = await attach('setup', { quantity: '2' })
  await app.until('2026-04-16T00:00:00Z')
  await detach(id, 'now')
  await app.until('2026-06-01T01:00:00Z')
  expect(await billed()).toEqual([['setup × 2: 100.00'], [], []])
})

test.each([
  ['the last instant of a period is on its invoice', '2026-03-31T23:59:59.999Z', [1, 0]],
  ['the first instant of a period is on the invoice of that one', END, [0, 1]],
])('that is charged once from %s', async (_, from, lines) => {
  await attach('setup', { from })
  await app.until('2026-05-01T01:00:00Z')
  expect((await billed()).map(({ length }) => length)).toEqual(lines)
})

test.each([
  ['ends with a period is not on the next', 'period_end', ['seat: 30.00'], []],
  ['ends at the first instant of a period is not on its invoice', END, ['seat: 30.00'], []],
])('that %s', async (_, when, ...expected) => {
  const { id } = await attach('seat')
  expect(await detach(id, when)).toMatchObject({ until: '2026-04-01T00:00:00.000Z' })
  await app.until('2026-05-01T01:00:00Z')
  expect(await billed()).toEqual(expected)
})

test('waits for the end of a trial: time in it costs nothing, and what is charged once comes after it', async () => {
  await app.good('POST', `/subscriptions/${subscription}/cancel`, { when: 'now' })
  subscription = await subscribed({ trialDays: 14 })
  await attach('seat')
  await attach('setup')
  await app.until('2026-05-15T01:00:00Z')
  const invoices = await billed()
  expect(invoices.slice(-2)).toEqual([['seat: 30.00', 'setup: 50.00'], ['seat: 30.00']])
})

test('stays over a change of plan, and each part is billed by its seconds', async () => {
  await attach('seat')
  app.at(MID)
  await app.good('POST', `/subscriptions/${subscription}/change`, { when: 'now', quantity: '2' })
  await app.until('2026-04-01T01:00:00Z')
  expect(await billed()).toEqual([['seat × 0.5: 15.00'], ['seat × 0.5: 15.00']])
})

test('is taxed by its own rate', async () => {
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '10' })
  await addOn('book', { amount: '20', taxRate: 'vat' })
  await attach('book')
  const preview = await app.good('GET', `/subscriptions/${subscription}/preview`)
  expect(preview).toMatchObject({ taxMinor: '200', total: '122.00' })
})

describe('attaching', () => {
  test('reaches back to the start of the period under way and no further', async () => {
    await app.until('2026-04-10T00:00:00Z')
    expect(await attach('seat', { from: END })).toMatchObject({ from: '2026-04-01T00:00:00.000Z' })
    const before = { addOn: 'seat', from: '2026-03-31T23:59:59.999Z' }
    expect(await app.refused('POST', path(), before)).toBe('subscription.add_on_out_of_time')
  })

  test('is refused at and after the planned end', async () => {
    await app.good('POST', `/subscriptions/${subscription}/cancel`, { when: 'period_end' })
    const refused = await app.refused('POST', path(), { addOn: 'seat', from: END })
    expect(refused).toBe('subscription.add_on_out_of_time')
    await attach('seat', { from: '2026-03-31T23:59:59.999Z' })
  })

  test('is refused in another currency, and so is a plan in another', async () => {
    await addOn('euro', { amount: '1', currency: 'EUR' })
    const code = 'subscription.add_on_currency'
    expect(await app.refused('POST', path(), { addOn: 'euro' })).toBe(code)
    const { id } = await attach('seat')
    const euros = { key: 'euros', name: 'E', currency: 'EUR', cycle: 'month', basePrice: '1' }
    await app.good('POST', '/plans', euros)
    const change = { plan: 'euros', when: 'period_end' }
    expect(await app.refused('POST', `/subscriptions/${subscription}/change`, change)).toBe(code)
    await detach(id, END)
    await app.good('POST', `/subscriptions/${subscription}/change`, change)
    expect(await app.refused('POST', path(), { addOn: 'seat' })).toBe(code)
  })

  test('is refused of one that is archived or unknown, and to a subscription that has ended', async () => {
    expect(await app.refused('POST', path(), { addOn: 'none' })).toBe('add_on.unknown')
    await app.good('POST', '/add-ons/setup/archive')
    expect(await app.refused('POST', path(), { addOn: 'setup' })).toBe('add_on.archived')
    await app.good('POST', `/subscriptions/${subscription}/cancel`, { when: 'now' })
    const refused = await app.refused('POST', path(), { addOn: 'seat' })
    expect(refused).toBe('subscription.step_impossible')
  })
})

describe('detaching', () => {
  test('twice keeps the first end', async () => {
    const { id } = await attach('seat')
    app.at(MID)
    const first = await detach(id, 'now')
    app.at('2026-03-20T00:00:00Z')
    expect(await detach(id, 'now')).toEqual(first)
  })

  test('before it has begun leaves nothing behind', async () => {
    const { id } = await attach('seat', { from: MID })
    await detach(id, 'now')
    expect(await app.good('GET', path())).toEqual({ data: [] })
  })

  test('cannot be in the past, nor of another subscription', async () => {
    const { id } = await attach('seat')
    app.at(MID)
    const refused = (target: string, when: string) =>
      app.refused('POST', `${target}/detach`, { when })
    const past = await refused(`${path()}/${id}`, '2026-03-16T11:59:59.999Z')
    expect(past).toBe('subscription.add_on_out_of_time')
    const other = await subscribed()
    const foreign = await refused(`/subscriptions/${other}/add-ons/${id}`, 'now')
    expect(foreign).toBe('subscription.add_on_unknown')
  })
})
