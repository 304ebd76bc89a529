import { beforeEach, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await app.good('POST', '/tax-rates', { key: 'low', name: 'Low', percent: '7' })
  await app.good('POST', '/tax-rates', { key: 'btw', name: 'BTW', percent: '21' })
})

const plan = {
  ...{ key: 'plan', name: 'Plan', currency: 'EUR', cycle: 'month', basePrice: '100' },
  ...{ taxRate: 'vat', netDays: 14 },
  flatPrices: [{ name: 'Book', amount: '10', recurring: 'period', taxRate: 'low' }],
}

describe('the invoice of a customer', () => {
  test.each([
    ['who says nothing is taxed as the plan says', {}, '12970', 14],
    ['with a rate of its own is taxed by it alone', { taxRate: 'btw' }, '13310', 14],
    ['who is exempt is not taxed', { taxExempt: true }, '11000', 14],
    ['with terms of its own is due by them', { netDays: 0 }, '12970', 0],
  ])('%s', async (_, said, totalMinor, days) => {
    await app.good('POST', '/plans', plan)
    await app.good('POST', '/customers', { customerId: 'ann', ...said })
    await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'plan' })
    await app.until('2026-04-01T01:00:00Z')
    const { data } = await app.good('GET', '/invoices?status=finalized')
    expect(data).toMatchObject([{ totalMinor }])
    const { finalizedAt, dueAt } = data[0]
    expect(Date.parse(dueAt) - Date.parse(finalizedAt)).toBe(days * 86_400_000)
  })
})

describe('what is said of a customer', () => {
  const ann = {
    ...{ email: 'ann@example.com', address: ['1 High Street', 'London'], taxNumber: 'GB123' },
    ...{ language: 'en-GB', taxExempt: false, netDays: 30 },
  }

  test('is answered, and what a change leaves out stays', async () => {
    const made = await app.good('POST', '/customers', { customerId: 'ann', ...ann, taxRate: 'btw' })
    expect(made).toMatchObject(ann)
    expect(made.taxRate).toMatch(/^txr_/)
    const changed = await app.good('PATCH', '/customers/ann', { netDays: 7 })
    expect(changed).toEqual({ ...made, netDays: 7 })
    expect(await app.good('GET', '/customers/ann')).toEqual(changed)
    expect(await app.good('POST', '/customers', { customerId: 'ann' })).toEqual(changed)
  })

  test('is taken away by null, and an address by no lines', async () => {
    await app.good('POST', '/customers', { customerId: 'ann', ...ann, taxRate: 'btw' })
    const nothing = { email: null, taxNumber: null, language: null, taxRate: null, netDays: null }
    const changed = await app.good('PATCH', '/customers/ann', { ...nothing, address: [] })
    expect(changed).toMatchObject({ ...nothing, address: [] })
  })

  test('contradicts itself if an exempt customer has a rate, also in two requests', async () => {
    const both = { taxRate: 'btw', taxExempt: true }
    const code = 'customer.tax_contradictory'
    expect(await app.refused('POST', '/customers', { customerId: 'ann', ...both })).toBe(code)
    await app.good('POST', '/customers', { customerId: 'ann', taxRate: 'btw' })
    expect(await app.refused('PATCH', '/customers/ann', { taxExempt: true })).toBe(code)
    const exempt = { taxExempt: true, taxRate: null }
    expect(await app.good('PATCH', '/customers/ann', exempt)).toMatchObject(exempt)
    expect(await app.refused('PATCH', '/customers/ann', { taxRate: 'btw' })).toBe(code)
  })

  test('names a rate that there is, and that is not archived', async () => {
    await app.good('POST', '/customers', { customerId: 'ann' })
    const patch = (taxRate: string) => app.refused('PATCH', '/customers/ann', { taxRate })
    expect(await patch('none')).toBe('tax_rate.unknown')
    await app.good('POST', '/tax-rates/low/archive')
    expect(await patch('low')).toBe('tax_rate.archived')
  })

  test('may go on naming the rate it has, also when that is archived', async () => {
    const { taxRate } = await app.good('POST', '/customers', { customerId: 'ann', taxRate: 'btw' })
    await app.good('POST', '/tax-rates/btw/archive')
    for (const same of [taxRate, 'btw']) {
      const changed = await app.good('PATCH', '/customers/ann', { taxRate: same, netDays: 7 })
      expect(changed).toMatchObject({ taxRate, netDays: 7 })
    }
    await app.good('PATCH', '/customers/ann', { taxRate: null })
    expect(await app.refused('PATCH', '/customers/ann', { taxRate })).toBe('tax_rate.archived')
  })

  test.each([
    { email: 'ann' },
    { language: 'English' },
    { netDays: 367 },
    { netDays: -1 },
    { address: ['two\nlines'] },
    { address: Array.from({ length: 9 }, () => 'x') },
    { taxNumber: '' },
  ])('is refused when it is %j', async (said) => {
    expect(await app.refused('POST', '/customers', { customerId: 'ann', ...said })).toBe(
      'request.malformed',
    )
  })

  test('of two changes at once is kept what each of them said', async () => {
    await app.good('POST', '/customers', { customerId: 'ann' })
    const said = [
      { netDays: 7 },
      { email: 'ann@example.com' },
      { language: 'de' },
      { taxNumber: '1' },
    ]
    await Promise.all(said.map((each) => app.good('PATCH', '/customers/ann', each)))
    expect(await app.good('GET', '/customers/ann')).toMatchObject(Object.assign({}, ...said))
  })
})
