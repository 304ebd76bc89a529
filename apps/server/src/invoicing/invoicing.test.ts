import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { addPlanVersion } from '../catalog/create-plan.ts'
import { aMeter, aPlan, aVersion } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { cancelAtPeriodEnd, cancelNow } from '../subscriptions/change-subscription.ts'
import { type NewSubscription, subscribe } from '../subscriptions/subscribe.ts'
import { changeInvoice } from './change-invoice.ts'
import { toInvoice, toPreview } from './invoice-reply.ts'
import { selectStates } from './invoice-states.store.ts'
import { lineEvents } from './line-events.ts'
import { getInvoice, previewInvoice, withContents } from './read-invoice.ts'
import { advance, factsOf, fold, forgetWork, type TestUsage, use } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = '2026-04-01T00:00:00.000Z'
const AFTER_GRACE = '2026-04-01T01:00:00.000Z'

let env: number
beforeEach(async () => {
  await forgetWork()
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, START)
    await aMeter(tx, envId)
    await aPlan(tx, envId)
    return envId
  })
})

function subscribed(overrides: Partial<NewSubscription> = {}, now: Date = START) {
  const wanted: NewSubscription = {
    customer: null,
    plan: 'pro',
    planVersion: null,
    startedAt: null,
    anchorKind: 'day',
    timeZone: 'UTC',
    cancelAt: null,
    ...overrides,
  }
  return inOwnTransaction(async (tx) => {
    if (wanted.customer) await declareCustomer(tx, env, { customer: wanted.customer }, START)
    return subscribe(tx, env, wanted, now)
  })
}

/** All invoices as the API shows them, the oldest period first. */
function invoices(filter: { readonly customer?: string } = {}) {
  return inOwnTransaction(async (tx) => {
    const page = { limit: 1_000, before: null, subscriptionId: null, status: null }
    const states = await selectStates(tx, env, { ...page, customer: filter.customer ?? null })
    const all = (await withContents(tx, env, states)).map(toInvoice)
    return all.sort((a, b) => (a.periodStart < b.periodStart ? -1 : 1))
  })
}

async function onlyInvoice(filter: { readonly customer?: string } = {}) {
  const [invoice, ...others] = await invoices(filter)
  if (!invoice || others.length > 0) throw new Error(`${others.length + 1} invoices, not one`)
  return invoice
}

/** `count` calls of the customer, spread over March. */
function calls(customer: string, count: number, days = 30): TestUsage[] {
  return Array.from({ length: days }, (_, n) => ({
    customer,
    at: new Date(START.getTime() + n * 86_400_000 + n * 1_234_567).toISOString(),
    amount: String(
      n === 0 ? count - (days - 1) * Math.floor(count / days) : Math.floor(count / days),
    ),
  }))
}

describe('one month on Pro', () => {
  test('of 12,000 calls with 10,000 included costs $120.00, and everybody is told', async () => {
    const { id: subscriptionId } = await subscribed()
    await use(env, calls('user_123', 12_000))
    await advance(env, END)

    const draft = await onlyInvoice()
    expect(draft).toMatchObject({ status: 'draft', number: null, total: '120.00' })

    await advance(env, AFTER_GRACE)
    const invoice = await onlyInvoice()
    expect(invoice).toMatchObject({
      id: draft.id,
      status: 'finalized',
      number: 'INV-000001',
      customerId: '$root',
      subscriptionId,
      periodStart: START.toISOString(),
      periodEnd: END,
      totalMinor: '12000',
      finalizedAt: AFTER_GRACE,
    })
    expect(invoice.lines).toMatchObject([
      { kind: 'base', description: 'Pro, base price', amount: '100.00', coverage: [] },
      {
        kind: 'usage',
        meter: 'API_CALL',
        description: 'API Calls: 12,000 calls, 10,000 included',
        quantity: '12000',
        included: '10000',
        billable: '2000',
        unitPrice: '0.01',
        amount: '20.00',
        coverage: [{ customerId: null, except: [], from: START.toISOString(), to: END }],
      },
    ])
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    const data = { invoiceId: invoice.id, amount: 120, totalMinor: '12000', currency: 'USD' }
    expect(facts).toMatchObject([
      { type: 'subscription.activated' },
      { type: 'invoice.created', at: new Date(END), data: { ...data, number: null, version: 1 } },
      {
        type: 'invoice.finalized',
        at: new Date(AFTER_GRACE),
        data: { ...data, number: 'INV-000001', status: 'finalized', version: 2, subscriptionId },
      },
    ])
  })

  test('shows in the preview what the final invoice says, at any number of calls', async () => {
    const { id } = await subscribed()
    for (const count of [9_999, 1, 1, 1_999]) {
      await use(env, [{ customer: 'ann', at: '2026-03-10T00:00:00Z', amount: String(count) }])
    }
    await fold()
    const preview = await inOwnTransaction(async (tx) => {
      const { subscription, content } = await previewInvoice(tx, env, id)
      return toPreview(subscription, content)
    })
    await advance(env, AFTER_GRACE)
    const { lines, total } = await onlyInvoice()
    expect(preview).toMatchObject({ lines, total: '120.00' })
    expect(total).toBe(preview.total)
  })

  test('counts an event that comes in the grace, and changes nothing for one that comes later', async () => {
    await subscribed()
    await use(env, [{ customer: 'ann', at: '2026-03-31T23:59:59.999Z', amount: '10000' }])
    await advance(env, END)
    await use(env, [
      { customer: 'ann', at: '2026-03-31T23:59:59.999Z', amount: '100' },
      { customer: 'ann', at: END, amount: '70000' }, // of the next period
    ])
    await advance(env, AFTER_GRACE)
    const invoice = await onlyInvoice()
    await use(env, [{ customer: 'ann', at: '2026-03-15T00:00:00Z', amount: '5000' }])
    await advance(env, '2026-04-15T00:00:00Z')

    expect(invoice.total).toBe('101.00')
    expect(await onlyInvoice()).toEqual(invoice)
  })

  test('lists exactly the events of each line', async () => {
    await subscribed()
    await use(env, [
      { customer: 'ann', at: '2026-02-28T23:59:59.999Z' },
      { customer: 'ann', at: '2026-03-01T00:00:00Z', amount: '2' },
      { customer: 'bob', at: '2026-03-31T23:59:59.999Z', amount: '3' },
      { customer: 'bob', at: '2026-03-31T12:00:00Z', name: 'OTHER' },
      { customer: 'bob', at: END },
    ])
    await advance(env, AFTER_GRACE)
    const { id } = await onlyInvoice()
    await use(env, [{ customer: 'ann', at: '2026-03-15T00:00:00Z' }])

    const page = { limit: 100, after: null }
    const events = (lineNo: number) =>
      inOwnTransaction((tx) => lineEvents(tx, env, { id, lineNo }, page))
    expect(await events(1)).toEqual([])
    expect(await events(2)).toMatchObject([
      { customer: 'ann', amount: '2' },
      { customer: 'bob', amount: '3' },
    ])
    await expect(events(3)).rejects.toMatchObject({ code: 'invoice.line_unknown' })
  })

  test('keeps its prices when the plan gets a new version', async () => {
    await subscribed()
    const dearer = aVersion({ basePrice: '999' })
    await inOwnTransaction((tx) => addPlanVersion(tx, env, { plan: 'pro', content: dearer }, START))
    await advance(env, AFTER_GRACE)
    expect(await onlyInvoice()).toMatchObject({ planVersion: 1, total: '100.00' })
  })

  test('without any usage has its base line only', async () => {
    await subscribed()
    await advance(env, AFTER_GRACE)
    expect((await onlyInvoice()).lines).toMatchObject([{ kind: 'base', amount: '100.00' }])
  })

  test('that costs nothing is numbered, finalized and paid at once', async () => {
    await inOwnTransaction((tx) => aPlan(tx, env, { key: 'free', basePrice: '0' }))
    await subscribed({ plan: 'free' })
    await advance(env, AFTER_GRACE)
    expect(await onlyInvoice()).toMatchObject({ status: 'paid', number: 'INV-000001', version: 3 })
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    expect(facts.map(({ type, data }) => `${type} ${String(data.version ?? '')}`)).toEqual([
      'subscription.activated ',
      'invoice.created 1',
      'invoice.finalized 2',
      'invoice.paid 3',
    ])
  })
})

describe('periods', () => {
  test('from 31 January are each invoiced, from the anchor', async () => {
    await subscribed({ startedAt: new Date('2026-01-31T00:00:00Z') })
    await advance(env, '2026-06-01T00:00:00Z')
    const all = await invoices()
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
    await subscribed({ startedAt: new Date('2025-03-01T00:00:00Z') })
    await advance(env, START.toISOString())
    const all = await invoices()
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
    const { id } = await subscribed({ plan: 'early' })
    await advance(env, START.toISOString())
    expect(await onlyInvoice()).toMatchObject({
      kind: 'advance',
      status: 'finalized',
      total: '100.00',
    })

    await use(env, [{ customer: 'ann', at: '2026-03-10T00:00:00Z', amount: '10500' }])
    await advance(env, AFTER_GRACE)
    const second = (await invoices()).find(({ kind }) => kind === 'period')
    expect(second?.lines).toMatchObject([
      { kind: 'base', amount: '100.00', periodStart: END },
      { kind: 'usage', amount: '5.00', periodStart: START.toISOString() },
    ])

    await inOwnTransaction((tx) => cancelAtPeriodEnd(tx, env, id, new Date('2026-04-10')))
    await advance(env, '2026-05-01T01:00:00Z')
    const last = (await invoices()).at(-1)
    expect(last).toMatchObject({ kind: 'period', lines: [], total: '0.00', status: 'paid' })
  })
})

describe('a cancelation', () => {
  test('now shrinks base price and included units to the seconds that were', async () => {
    const { id } = await subscribed()
    await use(env, [{ customer: 'ann', at: '2026-03-02T00:00:00Z', amount: '6000' }])
    const mid = new Date('2026-03-16T12:00:00Z') // half of 31 days
    await inOwnTransaction((tx) => cancelNow(tx, env, id, mid))
    await use(env, [{ customer: 'ann', at: '2026-03-17T00:00:00Z', amount: '6000' }])
    await advance(env, AFTER_GRACE)

    const invoice = await onlyInvoice()
    expect(invoice).toMatchObject({ total: '60.00', periodEnd: mid.toISOString() })
    expect(invoice.lines).toMatchObject([
      { quantity: '0.5', amount: '50.00', description: 'Pro, base price for a part of the period' },
      { quantity: '6000', included: '5000', amount: '10.00' },
    ])
  })

  test('at the end of the period leaves that whole, and no other follows', async () => {
    const { id } = await subscribed()
    await inOwnTransaction((tx) => cancelAtPeriodEnd(tx, env, id, START))
    await advance(env, '2026-12-01T00:00:00Z')
    expect(await onlyInvoice()).toMatchObject({ total: '100.00' })
  })
})

describe('usage of a customer', () => {
  test('goes to its own subscription while it has one, and to the root before and after', async () => {
    await subscribed()
    await subscribed(
      { customer: 'ann', startedAt: new Date('2026-03-10T00:00:00Z') },
      new Date('2026-03-10T00:00:00Z'),
    )
    const [, own] = [0, await onlySubscriptionOf('ann')]
    await use(env, [
      { customer: 'ann', at: '2026-03-09T23:59:59.999Z', amount: '10001' },
      { customer: 'ann', at: '2026-03-10T00:00:00Z', amount: '10010' },
      { customer: 'ann', at: '2026-03-20T00:00:00Z', amount: '10100' },
      { customer: 'bob', at: '2026-03-15T00:00:00Z', amount: '11000' },
    ])
    await inOwnTransaction((tx) => cancelNow(tx, env, own, new Date('2026-03-20T00:00:00Z')))
    await advance(env, AFTER_GRACE)

    const quantities = async (customer: string) =>
      (await onlyInvoice({ customer })).lines.flatMap(({ kind, quantity }) =>
        kind === 'usage' ? [quantity] : [],
      )
    expect(await quantities('$root')).toEqual([String(10_001 + 10_100 + 11_000)])
    expect(await quantities('ann')).toEqual(['10010'])
  })

  test('goes to whoever stood above it at the time', async () => {
    const MOVED = new Date('2026-03-11T00:00:00Z')
    await subscribed({ customer: 'acme' })
    await subscribed({ customer: 'bolt' })
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
    expect((await onlyInvoice({ customer: 'acme' })).lines[1]).toMatchObject({ quantity: '11' })
    expect((await onlyInvoice({ customer: 'bolt' })).lines[1]).toMatchObject({ quantity: '2' })
  })

  async function onlySubscriptionOf(customer: string): Promise<string> {
    return inOwnTransaction(async (tx) => {
      const { id } = await tx
        .selectFrom('subscriptions')
        .where('env_id', '=', env)
        .where('customer', '=', customer)
        .select('id')
        .executeTakeFirstOrThrow()
      return id
    })
  }
})

describe('a finalized invoice', () => {
  async function finalized(): Promise<string> {
    await subscribed()
    await advance(env, AFTER_GRACE)
    return (await onlyInvoice()).id
  }

  const LATER = new Date('2026-04-05T00:00:00Z')
  const step = (id: string, name: 'pay' | 'fail' | 'void') =>
    inOwnTransaction((tx) =>
      changeInvoice(tx, env, { id, step: name, reason: name === 'pay' ? null : 'why' }, LATER),
    )

  test('fails, is paid after all, and tells of each with a higher version', async () => {
    const id = await finalized()
    await step(id, 'fail')
    expect(await onlyInvoice()).toMatchObject({ status: 'failed', reason: 'why' })
    await step(id, 'pay')
    expect(await onlyInvoice()).toMatchObject({ status: 'paid', reason: null, version: 4 })

    const facts = (await inOwnTransaction((tx) => factsOf(tx, env))).slice(-2)
    expect(facts).toMatchObject([
      { type: 'invoice.failed', at: LATER, data: { amount: 100, version: 3, reason: 'why' } },
      { type: 'invoice.paid', at: LATER, data: { amount: 100, version: 4, status: 'paid' } },
    ])
  })

  test('that is paid or void stays so, and says that nothing is possible', async () => {
    const id = await finalized()
    await step(id, 'void')
    for (const name of ['pay', 'fail', 'void'] as const)
      await expect(step(id, name)).rejects.toMatchObject({
        kind: 'conflict',
        code: 'invoice.step_impossible',
        details: { status: 'void', possible: [] },
      })
  })

  test('is either paid or void when 20 try both at once', async () => {
    const id = await finalized()
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => step(id, n % 2 ? 'pay' : 'void')),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    expect(facts.filter(({ type }) => /paid|voided/.test(type))).toHaveLength(1)
  })

  test.each(['invoices', 'invoice_lines', 'invoice_line_coverage'])(
    'cannot be changed in %s, whoever asks',
    async (table) => {
      await finalized()
      const change = inOwnTransaction((tx) =>
        sql`update ${sql.table(table)} set env_id = env_id`.execute(tx),
      )
      await expect(change).rejects.toThrow()
    },
  )

  test('is unknown in every other environment, like one that does not exist', async () => {
    const id = await finalized()
    const other = await inOwnTransaction((tx) => aBillingEnvironment(tx, START))
    for (const unknown of [id, 'inv_unknown'])
      await expect(inOwnTransaction((tx) => getInvoice(tx, other, unknown))).rejects.toMatchObject({
        kind: 'not_found',
        code: 'invoice.unknown',
      })
  })
})

test('a draft is neither paid nor voided by hand', async () => {
  await subscribed()
  await advance(env, END)
  const { id } = await onlyInvoice()
  await expect(
    inOwnTransaction((tx) => changeInvoice(tx, env, { id, step: 'pay', reason: null }, START)),
  ).rejects.toMatchObject({ details: { status: 'draft', possible: [] } })
})
