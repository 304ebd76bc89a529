import { beforeEach, describe, expect, test } from 'vitest'
import { aPlan } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { cancelAtPeriodEnd, cancelNow } from '../subscriptions/change-subscription.ts'
import {
  advance,
  anEnvironmentWithPro,
  invoices,
  onlyInvoice,
  subscribed,
  use,
} from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = '2026-04-01T00:00:00.000Z'
const AFTER_GRACE = '2026-04-01T01:00:00.000Z'

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
})

describe('periods', () => {
  test('from 31 January are each invoiced, from the anchor', async () => {
    await subscribed(env, { startedAt: new Date('2026-01-31T00:00:00Z') })
    await advance(env, '2026-06-01T00:00:00Z')
    const all = await invoices(env)
    expect(all.map(({ periodEnd }) => periodEnd.slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ])
    expect(all.map(({ number }) => number)).toEqual([
      'INV-000001',
      'INV-000002',
      'INV-000003',
      'INV-000004',
    ])
  })

  test('that were over before it all began are closed and invoiced in order', async () => {
    await use(env, [{ customer: 'ann', at: '2025-07-15T00:00:00Z', amount: '10100' }])
    await subscribed(env, { startedAt: new Date('2025-03-01T00:00:00Z') })
    await advance(env, START.toISOString())
    const all = await invoices(env)
    expect(all).toHaveLength(12)
    expect(all.map(({ number }) => number)).toEqual([...all.map(({ number }) => number)].sort())
    expect(all.map(({ total }) => total)).toEqual([
      ...Array(4).fill('100.00'),
      '101.00',
      ...Array(7).fill('100.00'),
    ])
  })

  test('of a plan in advance: the first base price at once, then usage with the next base price', async () => {
    await inOwnTransaction((tx) => aPlan(tx, env, { key: 'early', baseInAdvance: true }))
    const { id } = await subscribed(env, { plan: 'early' })
    await advance(env, START.toISOString())
    expect(await onlyInvoice(env)).toMatchObject({
      kind: 'advance',
      status: 'finalized',
      total: '100.00',
    })

    await use(env, [{ customer: 'ann', at: '2026-03-10T00:00:00Z', amount: '10500' }])
    await advance(env, AFTER_GRACE)
    const second = (await invoices(env)).find(({ kind }) => kind === 'period')
    expect(second?.lines).toMatchObject([
      { kind: 'base', amount: '100.00', periodStart: END },
      { kind: 'usage', amount: '5.00', periodStart: START.toISOString() },
    ])

    await inOwnTransaction((tx) => cancelAtPeriodEnd(tx, env, id, new Date('2026-04-10')))
    await advance(env, '2026-05-01T01:00:00Z')
    const last = (await invoices(env)).at(-1)
    expect(last).toMatchObject({ kind: 'period', lines: [], total: '0.00', status: 'paid' })
  })
})

describe('a cancelation', () => {
  test('now shrinks base price and included units to the seconds that were', async () => {
    const { id } = await subscribed(env)
    await use(env, [{ customer: 'ann', at: '2026-03-02T00:00:00Z', amount: '6000' }])
    const mid = new Date('2026-03-16T12:00:00Z') // half of 31 days
    await inOwnTransaction((tx) => cancelNow(tx, env, id, mid))
    await use(env, [{ customer: 'ann', at: '2026-03-17T00:00:00Z', amount: '6000' }])
    await advance(env, AFTER_GRACE)

    const invoice = await onlyInvoice(env)
    expect(invoice).toMatchObject({ total: '60.00', periodEnd: mid.toISOString() })
    expect(invoice.lines).toMatchObject([
      { quantity: '0.5', amount: '50.00', description: 'Pro, base price for a part of the period' },
      { quantity: '6000', included: '5000', amount: '10.00' },
    ])
  })

  test('at the end of the period leaves that whole, and no other follows', async () => {
    const { id } = await subscribed(env)
    await inOwnTransaction((tx) => cancelAtPeriodEnd(tx, env, id, START))
    await advance(env, '2026-12-01T00:00:00Z')
    expect(await onlyInvoice(env)).toMatchObject({ total: '100.00' })
  })
})

describe('usage of a customer', () => {
  test('goes to its own subscription while it has one, and to the root before and after', async () => {
    await subscribed(env)
    const own = await subscribed(env, { customer: 'ann' }, new Date('2026-03-10T00:00:00Z'))
    await use(env, [
      { customer: 'ann', at: '2026-03-09T23:59:59.999Z', amount: '10001' },
      { customer: 'ann', at: '2026-03-10T00:00:00Z', amount: '10010' },
      { customer: 'ann', at: '2026-03-20T00:00:00Z', amount: '10100' },
      { customer: 'bob', at: '2026-03-15T00:00:00Z', amount: '11000' },
    ])
    await inOwnTransaction((tx) => cancelNow(tx, env, own.id, new Date('2026-03-20T00:00:00Z')))
    await advance(env, AFTER_GRACE)

    const quantities = async (customer: string) =>
      (await onlyInvoice(env, { customer })).lines.flatMap(({ kind, quantity }) =>
        kind === 'usage' ? [quantity] : [],
      )
    expect(await quantities('$root')).toEqual([String(10_001 + 10_100 + 11_000)])
    expect(await quantities('ann')).toEqual(['10010'])
  })

  test('goes to whoever stood above it at the time', async () => {
    const MOVED = new Date('2026-03-11T00:00:00Z')
    await subscribed(env, { customer: 'acme' })
    await subscribed(env, { customer: 'bolt' })
    await inOwnTransaction((tx) =>
      declareCustomer(tx, env, { customer: 'eu', parent: 'acme' }, START),
    )
    await inOwnTransaction((tx) =>
      declareCustomer(tx, env, { customer: 'eu', parent: 'bolt' }, MOVED),
    )
    await use(env, [
      { customer: 'eu', at: '2026-03-10T23:59:59.999Z', amount: '1' },
      { customer: 'eu', at: MOVED.toISOString(), amount: '2' },
      { customer: 'acme', at: '2026-03-12T00:00:00Z', amount: '10' },
    ])
    await advance(env, AFTER_GRACE)
    expect((await onlyInvoice(env, { customer: 'acme' })).lines[1]).toMatchObject({
      quantity: '11',
    })
    expect((await onlyInvoice(env, { customer: 'bolt' })).lines[1]).toMatchObject({ quantity: '2' })
  })

  test('is split to the instant when its customer changes from one plan to another', async () => {
    const at = new Date('2026-03-11T15:30:00Z')
    await inOwnTransaction((tx) => aPlan(tx, env, { key: 'team', basePrice: '0', graceSeconds: 0 }))
    const old = await subscribed(env, { customer: 'ann' })
    await inOwnTransaction((tx) => cancelNow(tx, env, old.id, at))
    const next = await subscribed(env, { customer: 'ann', plan: 'team' }, at)
    await use(env, [
      { customer: 'ann', at: '2026-03-11T15:29:59.999Z', amount: '1' },
      { customer: 'ann', at: '2026-03-11T15:30:00.000Z', amount: '2' },
    ])
    await advance(env, '2026-04-11T01:00:00Z')

    const usage = (await invoices(env)).map(({ subscriptionId, lines }) => [
      subscriptionId,
      lines.at(-1)?.quantity,
      lines.at(-1)?.coverage.map(({ from, to }) => [from, to]),
    ])
    expect(usage).toEqual([
      [old.id, '1', [[START.toISOString(), at.toISOString()]]],
      [next.id, '2', [[at.toISOString(), '2026-04-11T00:00:00.000Z']]],
    ])
  })
})
