import { decimal } from '@usageflow/pricing'
import { beforeEach, describe, expect, test } from 'vitest'
import { plansRoutes } from '../catalog/plans.routes.ts'
import { aMeter } from '../catalog/test-plans.ts'
import { creditsRoutes } from '../credits/credits.routes.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { customersRoutes } from '../customers/customers.routes.ts'
import { attachFromStart } from '../discounts/attach-coupon.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { changeTerms } from '../subscriptions/change-terms.ts'
import { subscriptionsRoutes } from '../subscriptions/subscriptions.routes.ts'
import { changeInvoice } from './change-invoice.ts'
import { invoicesRoutes } from './invoices.routes.ts'
import { advance, fold, forgetWork, use } from './test-billing.ts'
import { unsettledUse } from './unsettled-use.ts'

const DAY_MS = 86_400_000
const [ONE, TWO] = [decimal('1'), decimal('2')]

let app: TestApp
beforeEach(async () => {
  await forgetWork()
  app = await serveForTest([
    ...customersRoutes(),
    ...plansRoutes(),
    ...subscriptionsRoutes({ attachFromStart }),
    ...invoicesRoutes(),
    ...creditsRoutes({ unsettledUse }),
  ])
  await inOwnTransaction(async (tx) => {
    await createRootCustomer(tx, app.envId, new Date())
    await aMeter(tx, app.envId)
  })
})

async function good(method: string, target: string, body?: unknown) {
  const { status, json, text } = await app.send(method, `/api/v1${target}`, { headers: KEY, body })
  if (status >= 300)
    throw new Error(`${method} ${target}: ${status} ${text} ${status === 500 ? app.logged() : ''}`)
  return json
}

const PRICE = { meter: 'API_CALL', model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }

async function subscribed(plan: object = {}, subscription: object = {}) {
  const content = { currency: 'USD', cycle: 'month', basePrice: '100', prices: [PRICE], ...plan }
  await good('POST', '/plans', { key: 'pro', name: 'Pro', ...content })
  await good('POST', '/customers', { customerId: 'ann' })
  const whose = { plan: 'pro', customerId: 'ann', startedAt: '2026-03-01T00:00:00Z' }
  return good('POST', '/subscriptions', { ...whose, ...subscription })
}

async function used(amount: string, at = '2026-03-05T00:00:00Z'): Promise<void> {
  await use(app.envId, [{ customer: 'ann', at, amount }])
  await fold()
}

async function invoices() {
  const { data } = await good('GET', '/invoices?limit=100')
  const whole = await Promise.all(
    data.map(({ id }: { id: string }) => good('GET', `/invoices/${id}`)),
  )
  return whole.filter(({ status }) => status !== 'draft').reverse()
}

async function balance() {
  const { balances } = await good('GET', '/customers/ann/credit-balance')
  return balances
}

describe('credits of units', () => {
  test('pay for units beyond the included ones, and the ledger says so once', async () => {
    await subscribed()
    await good('POST', '/customers/ann/credits', {
      meter: 'API_CALL',
      units: '1500',
      validFrom: '2026-03-01T00:00:00Z',
    })
    await used('12000')
    const open = await balance()
    expect(open[0]).toMatchObject({
      left: { units: '1500' },
      unsettled: { units: '1500' },
      available: { units: '0' },
    })

    await advance(app.envId, '2026-04-01T01:00:00Z')
    const [invoice] = await invoices()
    expect(invoice).toMatchObject({ total: '105.00', amountDue: '105.00' })
    expect(invoice.lines[1]).toMatchObject({ credited: '1500', billable: '500', amount: '5.00' })
    await advance(app.envId, '2026-04-01T02:00:00Z')
    expect((await balance())[0]).toMatchObject({ left: { units: '0' } })
  })

  test('refresh with each period, and what is left of one does not help the next', async () => {
    await subscribed({ credits: [{ meter: 'API_CALL', units: '1000' }] })
    await advance(app.envId, '2026-03-01T00:00:01Z')
    await used('10400')
    await used('11500', '2026-04-05T00:00:00Z')
    await advance(app.envId, '2026-05-01T01:00:00Z')
    const [march, april] = await invoices()
    expect([march.total, april.total]).toEqual(['100.00', '105.00'])
    expect(march.lines[1]).toMatchObject({ credited: '400', billable: '0' })
    expect(april.lines[1]).toMatchObject({ credited: '1000', billable: '500' })
  })

  test.each([
    ['another quantity in its middle', '2026-03-16', [{ quantity: TWO }, { quantity: ONE }], 1],
    ['another quantity at its end', '2026-04-01', [{ quantity: TWO }, { quantity: ONE }], 2],
    ['another plan in its middle, and back', '2026-03-16', [{ plan: 'big' }, { plan: 'pro' }], 2],
  ])('are granted once for a whole period and plan: %s', async (_what, day, changes, grants) => {
    const credits = [{ meter: 'API_CALL', units: '1000' }]
    const { id } = await subscribed({ credits })
    const big = { key: 'big', name: 'Big', currency: 'USD', cycle: 'month', basePrice: '200' }
    await good('POST', '/plans', { ...big, prices: [PRICE], credits })
    for (const [nth, change] of changes.entries()) {
      const at = new Date(Date.parse(day) + nth * DAY_MS)
      await advance(app.envId, at.toISOString())
      const wanted = { id, when: 'now', plan: null, planVersion: null, quantity: null } as const
      await inOwnTransaction((tx) => changeTerms(tx, app.envId, { ...wanted, ...change }, at))
      await advance(app.envId, new Date(at.getTime() + 1).toISOString())
    }
    const { data } = await good('GET', '/customers/ann/credits')
    expect(data).toHaveLength(grants)
  })

  test('come back when their invoice is declared void', async () => {
    await subscribed()
    await good('POST', '/customers/ann/credits', {
      meter: 'API_CALL',
      units: '5000',
      validFrom: '2026-03-01T00:00:00Z',
    })
    await used('12000')
    await advance(app.envId, '2026-04-01T01:00:00Z')
    const [invoice] = await invoices()
    expect((await balance())[0]).toMatchObject({ left: { units: '3000' } })
    const step = { id: invoice.id, step: 'void', reason: 'a mistake' } as const
    await inOwnTransaction((tx) => changeInvoice(tx, app.envId, step, new Date()))
    expect((await balance())[0]).toMatchObject({ left: { units: '5000' } })
  })
})

describe('credits of money', () => {
  test('that were given away lower the sum, those that were paid for pay it', async () => {
    await subscribed()
    const validFrom = '2026-03-01T00:00:00Z'
    await good('POST', '/customers/ann/credits', {
      amountMinor: '3000',
      currency: 'USD',
      isPromotional: true,
      validFrom,
    })
    await good('POST', '/customers/ann/credits', {
      amountMinor: '20000',
      currency: 'USD',
      isPromotional: false,
      validFrom,
    })
    await used('12000')
    await advance(app.envId, '2026-04-01T01:00:00Z')
    const [invoice] = await invoices()
    expect(invoice).toMatchObject({
      status: 'paid',
      subtotalMinor: '12000',
      total: '90.00',
      amountDue: '0.00',
    })
    const left = (await balance()).map(
      (each: { left: { amountMinor: string } }) => each.left.amountMinor,
    )
    expect(left).toEqual(['11000'])
  })

  test('are what an invoice gives back that comes to less than nothing', async () => {
    const plan = { baseInAdvance: true, prices: [] }
    const subscription = await subscribed(plan)
    await advance(app.envId, '2026-03-01T00:00:01Z')
    await good('POST', '/plans', {
      key: 'small',
      name: 'Small',
      currency: 'USD',
      cycle: 'month',
      basePrice: '0',
      baseInAdvance: true,
    })
    const change = { plan: 'small', planVersion: null, quantity: null, when: 'now' as const }
    const middle = new Date('2026-03-16T12:00:00Z')
    await inOwnTransaction((tx) =>
      changeTerms(tx, app.envId, { ...change, id: subscription.id }, middle),
    )
    await advance(app.envId, '2026-03-17T00:00:00Z')
    const surplus = (await invoices()).find(({ total }) => total.startsWith('-'))
    expect(surplus).toMatchObject({ total: '-50.00', amountDue: '0.00', status: 'paid' })
    expect((await balance())[0]).toMatchObject({ available: { amountMinor: '5000' } })

    for (const step of ['void', 'fail', 'pay'] as const) {
      const taken = { id: surplus.id, step, reason: 'why' }
      const late = new Date('2026-03-18T00:00:00Z')
      await expect(
        inOwnTransaction((tx) => changeInvoice(tx, app.envId, taken, late)),
      ).rejects.toMatchObject({ code: 'invoice.step_impossible', details: { possible: [] } })
    }
    expect((await balance())[0]).toMatchObject({ available: { amountMinor: '5000' } })
  })
})
