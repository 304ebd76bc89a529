import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { changeMeter } from '../catalog/create-meter.ts'
import type { LateUsage } from '../catalog/meter.ts'
import { aPlan } from '../catalog/test-plans.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { billLateUsage } from './bill-late-usage.ts'
import { previewInvoice } from './read-invoice.ts'
import { advance, anEnvironmentWithPro, fold, invoices, subscribed, use } from './test-billing.ts'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
const END = '2026-04-01T00:00:00Z'
const IN_MARCH = '2026-03-20T10:20:00Z'
const AFTER_MARCH = '2026-04-01T01:00:00Z' // and its grace
const LOOK = '2026-05-06T01:00:00.000Z' // as long as usage may come
const BEFORE_LOOK = '2026-05-06T00:59:59.999Z'
const NEXT_LOOK = '2026-06-10T01:00:00Z'
const LONG_AFTER = '2027-06-01T00:00:00Z'

let env: number
let id: string
beforeEach(async () => {
  env = await anEnvironmentWithPro(new Date(START)) // 100 a month, 10,000 included, 0.01 a call
  id = (await subscribed(env, { cancelAt: new Date(END) })).id
})

const used = (amount: string, at = IN_MARCH) => use(env, [{ customer: 'ann', at, amount }])

async function ofKind(kind: string) {
  const all = (await invoices(env)).filter((invoice) => invoice.kind === kind)
  return all.sort((a, b) => ((a.number ?? '') < (b.number ?? '') ? -1 : 1))
}

async function late(): Promise<string[]> {
  return (await ofKind('late')).map(({ status, total, lines }) =>
    [status, total, ...lines.map(({ description }) => description)].join(' '),
  )
}

function look(at = LOOK) {
  return inOwnTransaction((tx) => billLateUsage(tx, env, id, new Date(at)))
}

describe('what comes after the last invoice of a subscription that has ended', () => {
  test('is on an invoice of its own as soon as no usage can come any more, and on no other', async () => {
    await used('9000')
    await advance(env, AFTER_MARCH)
    await used('3000')
    await advance(env, BEFORE_LOOK)
    expect(await late()).toEqual([])
    await advance(env, LOOK)
    await advance(env, LONG_AFTER)
    expect(await late()).toEqual(['finalized 20.00 API Calls, late usage'])
    const [invoice] = await ofKind('late')
    expect(invoice).toMatchObject({
      ...{ number: 'INV-000002', subscriptionId: id, finalizedAt: LOOK },
      ...{ periodStart: '2026-03-01T00:00:00.000Z', periodEnd: '2026-04-01T00:00:00.000Z' },
      lines: [{ kind: 'late', meter: 'API_CALL', amountMinor: '2000' }],
    })
  })

  test('is none where nothing came, and where what came changes no amount', async () => {
    await advance(env, AFTER_MARCH)
    await advance(env, LOOK)
    await used('10000')
    await advance(env, LONG_AFTER)
    expect(await late()).toEqual([])
  })

  test('is looked for again, since an import or a correction may come at any time', async () => {
    await advance(env, AFTER_MARCH)
    await used('10100')
    await advance(env, LOOK)
    await used('50')
    await advance(env, '2026-06-10T00:59:59.999Z')
    expect(await late()).toHaveLength(1)
    await advance(env, NEXT_LOOK)
    await voidAll()
    await advance(env, LONG_AFTER)
    expect(await late()).toEqual([
      'finalized 1.00 API Calls, late usage',
      'finalized 0.50 API Calls, late usage',
      'paid -1.50 API Calls, late usage',
    ])
  })

  test('is on the preview as it will be on the invoice', async () => {
    await advance(env, END) // a draft, which what comes now will be on
    await used('10300')
    await fold()
    await expect(preview()).rejects.toMatchObject({ code: 'invoice.nothing_to_preview' })
    await advance(env, AFTER_MARCH)
    await expect(preview()).rejects.toMatchObject({ code: 'invoice.nothing_to_preview' })
    await used('400')
    await fold()
    const { content } = await preview()
    await advance(env, LOOK)
    const [invoice] = await ofKind('late')
    expect([content.totalMinor, content.lines.length]).toEqual([400n, 1])
    expect(invoice?.totalMinor).toBe('400')
  })

  test('is not looked for while a draft waits: it is on that one', async () => {
    await advance(env, END)
    await used('10300')
    await fold()
    expect(await look()).toEqual({ outcome: 'waiting' })
    await advance(env, AFTER_MARCH)
    expect((await ofKind('period')).map(({ total }) => total)).toEqual(['103.00'])
    expect(await look()).toEqual({ outcome: 'done' })
    expect(await late()).toEqual([])
  })

  test('goes by what is sold at the end, and names each period', async () => {
    const other = await subscribed(env, { customer: 'bob', cancelAt: new Date('2026-05-01') })
    await advance(env, '2026-05-01T01:00:00Z')
    const all = [IN_MARCH, '2026-04-02T00:00:00Z'].map((at) => ({ customer: 'bob', at }))
    await use(env, [
      ...all.map((each) => ({ ...each, amount: '10000' })),
      ...all.map((each) => ({ ...each, amount: '700' })),
    ])
    await advance(env, LONG_AFTER)
    const [invoice, ...others] = await ofKind('late')
    expect(others).toEqual([])
    expect(invoice).toMatchObject({
      ...{ subscriptionId: other.id, periodStart: '2026-04-01T00:00:00.000Z', total: '14.00' },
      lines: [
        { periodStart: '2026-03-01T00:00:00.000Z', amount: '7.00' },
        { periodStart: '2026-04-01T00:00:00.000Z', amount: '7.00' },
      ],
    })
  })

  test('of what was never billed is nothing, and nobody looks again', async () => {
    const trial = await subscribed(env, {
      customer: 'bob',
      trialDays: 10,
      cancelAt: new Date('2026-03-05'),
    })
    await advance(env, '2026-03-05T00:00:00Z')
    expect(await worksFor(trial.id)).toBe(1)
    await advance(env, '2026-04-10T00:00:00Z')
    expect(await worksFor(trial.id)).toBe(0)
  })

  test('waits for a meter that is not counted back yet', async () => {
    await advance(env, AFTER_MARCH)
    await used('10300')
    await fold()
    await inOwnTransaction((tx) =>
      sql`update meters set backfilled_at = null where env_id = ${env}`.execute(tx),
    )
    expect(await look()).toEqual({ outcome: 'incomplete', waitsFor: ['API_CALL'] })
    expect(await late()).toEqual([])
  })

  test('is not billed where the sums of its usage are wrong: its billing stops', async () => {
    await advance(env, AFTER_MARCH)
    await used('10300')
    await fold()
    await inOwnTransaction((tx) =>
      sql`update usage_rollups set sum = sum + 1 where env_id = ${env}`.execute(tx),
    )
    expect(await look()).toMatchObject({
      outcome: 'parked',
      reason: expect.stringContaining('10301'),
    })
    expect(await look()).toEqual({ outcome: 'waiting' })
    expect(await late()).toEqual([])
  })
})

describe('however often and by however many it is looked', () => {
  beforeEach(async () => {
    await advance(env, AFTER_MARCH)
    await used('10300')
    await fold()
  })

  test('there is one invoice', async () => {
    await Promise.all([look(), look(), look()])
    await look()
    expect(await late()).toEqual(['finalized 3.00 API Calls, late usage'])
  })

  test('a look that dies leaves nothing behind, not even a number', async () => {
    const { database } = await testDatabase()
    const died = database.inTransaction(async (tx) => {
      await billLateUsage(tx, env, id, new Date(LOOK))
      throw new Error('killed')
    })
    await expect(died).rejects.toThrow('killed')
    expect(await late()).toEqual([])
    await advance(env, LOOK)
    expect((await ofKind('late')).map(({ number }) => number)).toEqual(['INV-000002'])
  })
})

describe('the setting of the meter', () => {
  test.each([
    ['bill', 'finalized 5.00 API Calls, late usage', 'paid -5.00 API Calls, late usage'],
    ['credit', 'paid 0.00 API Calls, late usage, not charged', 'paid -5.00 API Calls, late usage'],
    [
      'absorb',
      'paid 0.00 API Calls, late usage, not charged',
      'paid 0.00 API Calls, late usage, not charged',
    ],
  ] as const)(
    '%s: more is charged and less given back as it says, and never in silence',
    async (setting, more, less) => {
      await setLate(setting)
      await advance(env, AFTER_MARCH)
      await used('10500')
      await advance(env, LOOK)
      await voidAll()
      await advance(env, LONG_AFTER)
      expect(await late()).toEqual([more, less])
    },
  )
})

test('a subscription that ended with another plan is billed for all its periods', async () => {
  await inOwnTransaction((tx) => aPlan(tx, env, { key: 'long', graceSeconds: 864_000 }))
  await subscribed(env, { customer: 'bob', plan: 'long', cancelAt: new Date(END) })
  await advance(env, '2026-04-11T00:00:00Z')
  await use(env, [{ customer: 'bob', at: IN_MARCH, amount: '10100' }])
  await advance(env, '2026-05-15T23:59:59.999Z')
  expect(await late()).toEqual([])
  await advance(env, '2026-05-16T00:00:00Z')
  expect(await late()).toEqual(['finalized 1.00 API Calls, late usage'])
})

describe('what pays for it, and what comes off', () => {
  let app: BillingApp
  beforeEach(async () => {
    app = await billingApp(START)
    await app.good('POST', '/meters', { key: 'CALLS' })
    const price = { meter: 'CALLS', model: 'per_unit', unitPrice: '0.01' }
    const plan = { currency: 'EUR', cycle: 'month', basePrice: '20', prices: [price] }
    await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
    await app.good('POST', '/plans', { key: 'plan', name: 'Plan', ...plan, taxRate: 'vat' })
    await app.good('POST', '/customers', { customerId: 'ann' })
    await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'plan', cancelAt: END })
  })

  async function billedLate() {
    await app.until(AFTER_MARCH)
    await app.use([{ customer: 'ann', name: 'CALLS', at: IN_MARCH, amount: '1000' }])
    await app.until(LOOK)
    const { data } = await app.good('GET', '/invoices?limit=10')
    return data.find(({ kind }: { kind: string }) => kind === 'late')
  }

  test('is taxed like the plan', async () => {
    expect(await billedLate()).toMatchObject({ totalMinor: '1190', amountDueMinor: '1190' })
  })

  test.each([
    ['when it is made', { validFrom: '2026-05-06T00:00:00Z' }, '0'],
    ['in its period, and not when it is made', { validTo: END }, '1190'],
  ])('credits of money that are valid %s', async (_, valid, due) => {
    const money = { currency: 'EUR', amountMinor: '5000' } // more than both invoices
    await app.good('POST', '/customers/ann/credits', { ...money, ...valid })
    expect(await billedLate()).toMatchObject({ totalMinor: '1190', amountDueMinor: due })
  })

  test('coupons by percent, and none of an amount, which the invoice of the period had', async () => {
    const coupons = [
      { key: 'tenth', name: 'Tenth', percent: '10', duration: 'forever' },
      { key: 'five', name: 'Five', amount: '5', currency: 'EUR', duration: 'forever' },
    ]
    for (const coupon of coupons) {
      await app.good('POST', '/coupons', coupon)
      await app.good('POST', '/coupon-attachments', { coupon: coupon.key, customerId: 'ann' })
    }
    expect(await billedLate()).toMatchObject({ totalMinor: '1071' }) // 9.00 and 19 %
  })
})

function preview() {
  return inOwnTransaction((tx) => previewInvoice(tx, env, id, new Date(AFTER_MARCH)))
}

function setLate(lateUsage: LateUsage) {
  const changes = { name: undefined, unit: undefined, lateUsage }
  return inOwnTransaction((tx) => changeMeter(tx, env, 'API_CALL', changes))
}

async function worksFor(subscriptionId: string): Promise<number> {
  const { rows } = await inOwnTransaction((tx) =>
    sql`select from due where env_id = ${env} and ref = ${subscriptionId}`.execute(tx),
  )
  return rows.length
}

/** Voids all usage that counts, as a correction over HTTP does. */
async function voidAll(): Promise<void> {
  await inOwnTransaction((tx) =>
    sql`insert into event_corrections (env_id, key, correction_no, kind, created_at)
      select env_id, key, 1, 'void', now() from usage_events where env_id = ${env}`.execute(tx),
  )
}
