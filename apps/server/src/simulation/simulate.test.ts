import { beforeEach, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import { simulationsRoutes } from './simulations.routes.ts'

const START = '2026-03-01T00:00:00Z'
const MONTHS = { from: START, to: '2026-05-01T00:00:00Z' }
const AFTER_APRIL = '2026-05-01T01:00:00Z'

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START, simulationsRoutes())
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '10' })
  await app.good('POST', '/meters', { key: 'CALLS' })
  await app.good('POST', '/meters', { key: 'GB' })
  await app.good('POST', '/plans', { key: 'now', name: 'Now', ...content('0.01') })
})

const perUnit = (unitPrice: string, meter = 'CALLS') => ({
  ...{ meter, model: 'per_unit', unitPrice, includedUnits: '1000' },
})

function content(unitPrice: string, other: object = {}) {
  const prices = [perUnit(unitPrice)]
  return { currency: 'EUR', cycle: 'month', basePrice: '20', taxRate: 'vat', prices, ...other }
}

async function subscribed(customerId: string, plan = 'now'): Promise<string> {
  await app.good('POST', '/customers', { customerId })
  return (await app.good('POST', '/subscriptions', { customerId, plan })).id
}

const used = (customer: string, amount: string, at = '2026-03-10T00:00:00Z', name = 'CALLS') =>
  app.use([{ customer, name, at, amount }])

const simulate = (wanted: object) =>
  app.good('POST', '/simulations', { on: { plan: 'now' }, ...MONTHS, ...wanted })

const draft = (unitPrice: string, other: object = {}) => ({
  plan: { draft: content(unitPrice, other) },
})

async function billed(customerId: string): Promise<number> {
  const { data } = await app.good('GET', `/invoices?customerId=${customerId}`)
  return data.reduce(
    (sum: number, each: { totalMinor: string }) => sum + Number(each.totalMinor),
    0,
  )
}

describe('before', () => {
  test('is what was invoiced, credits and coupons and late usage and all', async () => {
    await subscribed('ann')
    await app.good('POST', '/coupons', { key: 'c', name: 'C', percent: '25', duration: 'forever' })
    await app.good('POST', '/coupon-attachments', { coupon: 'c', customerId: 'ann' })
    await app.good('POST', '/customers/ann/credits', { meter: 'CALLS', units: '300' })
    await used('ann', '2000')
    await app.until(AFTER_APRIL)
    const [ann] = (await simulate(draft('0.02'))).data
    expect(ann).toMatchObject({
      ...{ customerId: 'ann', periods: 2, currency: 'EUR', refused: null },
      before: { subtotalMinor: '4700', totalMinor: '3878' },
      after: { subtotalMinor: '5400', totalMinor: '4455' }, // 700 units of 2 instead of 1 cent
      differenceMinor: '577',
    })
    expect(Number(ann.before.totalMinor)).toBe(await billed('ann'))
  })

  test('has usage in its own period that came after the invoice of it', async () => {
    await subscribed('ann')
    await app.until('2026-04-01T01:00:00Z')
    await used('ann', '1500')
    await app.until(AFTER_APRIL)
    const march = { from: START, to: '2026-04-01T00:00:00Z' }
    const [ann] = (await simulate({ ...draft('0.01'), ...march })).data
    expect([ann.before.subtotalMinor, ann.differenceMinor]).toEqual(['2500', '0'])
  })

  test('has of a plan in advance the base price of the period itself', async () => {
    await app.good('POST', '/plans', {
      ...{ key: 'ahead', name: 'Ahead', ...content('0.01', { baseInAdvance: true }) },
    })
    await subscribed('ann', 'ahead')
    await app.until(AFTER_APRIL)
    const [ann] = (await simulate({ ...draft('0.01'), on: { plan: 'ahead' } })).data
    expect(ann.before.subtotalMinor).toBe('4000')
  })
})

describe('after', () => {
  test('is nothing else by the very plan that is sold', async () => {
    await subscribed('ann')
    await used('ann', '4321')
    const underWay = await simulate({ plan: { plan: 'now', version: 1 } })
    expect(underWay.data).toMatchObject([{ periods: 1, differenceMinor: '0' }])
    await app.until(AFTER_APRIL)
    const again = await simulate({ plan: { plan: 'now', version: 1 } })
    expect(again.data).toMatchObject([{ periods: 2, differenceMinor: '0' }])
    expect(again.data[0].after).toEqual(again.data[0].before)
  })

  test('prices usage that costs nothing so far', async () => {
    await subscribed('ann')
    await used('ann', '1100', '2026-03-10T00:00:00Z', 'GB')
    await app.until(AFTER_APRIL)
    const prices = [perUnit('0.01'), perUnit('0.5', 'GB')]
    const [ann] = (await simulate(draft('0.01', { prices }))).data
    expect(ann).toMatchObject({ differenceMinor: '5500' }) // 100 × 0.5, and tax
  })

  test.each([
    ['simulation.cycle_differs', { cycle: 'year' }],
    ['simulation.currency_differs', { currency: 'USD' }],
  ])('cannot be said where %s', async (code, other) => {
    await subscribed('ann')
    await app.until(AFTER_APRIL)
    const { data, sums } = await simulate(draft('0.01', other))
    expect(data).toMatchObject([{ after: null, differenceMinor: null, refused: { code } }])
    expect(sums).toEqual([])
  })
})

describe('it is about', () => {
  beforeEach(async () => {
    for (const name of ['ann', 'bob', 'cyd']) await subscribed(name)
    await used('bob', '2000')
    await app.good('POST', '/plans', { key: 'other', name: 'Other', ...content('0.01') })
    await subscribed('dan', 'other')
    await app.until(AFTER_APRIL)
  })

  const names = ({ data }: { data: { customerId: string }[] }) =>
    data.map(({ customerId }) => customerId)

  test.each<[string, object, string[]]>([
    ['all on a plan', { on: { plan: 'now' } }, ['ann', 'bob', 'cyd']],
    ['a version of it', { on: { plan: 'now', version: 1 } }, ['ann', 'bob', 'cyd']],
    ['another version', { on: { plan: 'now', version: 2 } }, []],
    ['customers', { on: undefined, customers: ['dan', 'bob'] }, ['bob', 'dan']],
    ['both', { customers: ['dan', 'bob'] }, ['bob']],
    ['no period that begins before', { from: '2026-04-01T00:00:00.001Z' }, []],
    ['no period that ends later', { to: '2026-03-31T23:59:59.999Z' }, []],
  ])('%s', async (_what, wanted, expected) => {
    expect(names(await simulate({ ...draft('0.02'), ...wanted }))).toEqual(expected)
  })

  test('pages, whose sums are those of all', async () => {
    const whole = await simulate(draft('0.02'))
    expect(whole).toMatchObject({
      sums: [
        {
          ...{ currency: 'EUR', subscriptions: 3, differenceMinor: '1100' },
          ...{ before: { totalMinor: '14300' }, after: { totalMinor: '15400' } },
        },
      ],
      next: null,
    })
    const data = []
    let difference = 0
    for (let after: string | undefined; ; ) {
      const page = await simulate({ ...draft('0.02'), limit: 1, after })
      data.push(...page.data)
      difference += Number(page.sums[0].differenceMinor)
      if (page.next === null) break
      after = page.next
    }
    expect([data, difference]).toEqual([whole.data, 1100])
  })

  test.each<[string, object]>([
    ['simulation.time_impossible', { to: START }],
    ['simulation.nobody', { on: undefined }],
    ['plan.unknown', { plan: { plan: 'none', version: 1 } }],
    ['plan.version_unknown', { plan: { plan: 'now', version: 2 } }],
    [
      'plan.meter_unknown',
      { plan: { draft: content('0.01', { prices: [perUnit('1', 'NONE')] }) } },
    ],
  ])('%s is refused', async (code, wanted) => {
    const body = { ...draft('0.02'), on: { plan: 'now' }, ...MONTHS, ...wanted }
    expect(await app.refused('POST', '/simulations', body)).toBe(code)
  })

  test('what is there, and changes not one row of it', async () => {
    const before = await fingerprints()
    expect(Object.keys(before).length).toBeGreaterThan(40)
    await simulate(draft('0.02'))
    expect(await fingerprints()).toEqual(before)
  })
})

/** Of each table how many rows it has, and which transactions made them. */
async function fingerprints(): Promise<Record<string, string>> {
  const { url } = await testDatabase()
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      "select format('%I', relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    const found: [string, string][] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ print: string }>(
        `select count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) || ' ' || coalesce(sum(xmax::text::bigint), 0) as print from ${name}`,
      )
      found.push([name, rows[0]?.print ?? ''])
    }
    return Object.fromEntries(found)
  })
}
