import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { changeMeter } from '../catalog/create-meter.ts'
import type { LateUsage } from '../catalog/meter.ts'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { lineEvents } from './line-events.ts'
import { previewInvoice } from './read-invoice.ts'
import {
  advance,
  anEnvironmentWithPro,
  fold,
  invoices,
  type onlyInvoice,
  subscribed,
  use,
} from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const IN_MARCH = '2026-03-20T10:20:00Z'
const AFTER_MARCH = '2026-04-01T01:00:00Z' // and its grace
const AFTER_APRIL = '2026-05-01T01:00:00Z'
const AFTER_MAY = '2026-06-01T01:00:00Z'

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START) // 100 a month, 10,000 included, 0.01 a call
})

/** What is on the invoices beside the base price, the oldest invoice first. */
async function linesOf(): Promise<string[][]> {
  return (await invoices(env)).map(({ lines }) =>
    lines
      .filter(({ kind }) => kind !== 'base')
      .map(({ kind, description, amount }) => `${kind} ${description} ${amount}`),
  )
}

function setLate(lateUsage: LateUsage) {
  const changes = { name: undefined, unit: undefined, lateUsage }
  return inOwnTransaction((tx) => changeMeter(tx, env, 'API_CALL', changes))
}

describe('usage that comes after its period was invoiced', () => {
  test('is on the next invoice at the prices of its period, and on no other', async () => {
    await subscribed(env)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '9000' }])
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '3000' }])
    await advance(env, AFTER_APRIL)
    await advance(env, AFTER_MAY)
    expect(await linesOf()).toEqual([
      ['usage API Calls: 9,000 calls, 10,000 included 0.00'],
      ['late API Calls, late usage 20.00'],
      [],
    ])
    const [, april] = await invoices(env)
    expect(april?.lines.at(-1)).toMatchObject({
      periodStart: '2026-03-01T00:00:00.000Z',
      periodEnd: '2026-04-01T00:00:00.000Z',
      meter: 'API_CALL',
    })
  })

  test('comes to the difference when more of it comes after that', async () => {
    await subscribed(env)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10000' }])
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '100' }])
    await advance(env, AFTER_APRIL)
    await use(env, [{ customer: 'bob', at: IN_MARCH, amount: '1' }])
    await use(env, [{ customer: 'bob', at: '2026-04-30T23:59:59.999Z', amount: '10200' }])
    await advance(env, AFTER_MAY)
    expect((await linesOf()).slice(1)).toEqual([
      ['late API Calls, late usage 1.00'],
      ['late API Calls, late usage 0.01', 'late API Calls, late usage 2.00'],
    ])
  })

  test('is not late within the grace, though it is noted', async () => {
    await subscribed(env)
    await advance(env, '2026-04-01T00:00:00Z') // a draft
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10100' }])
    await fold()
    await advance(env, AFTER_APRIL)
    expect(await linesOf()).toEqual([['usage API Calls: 10,100 calls, 10,000 included 1.00'], []])
  })

  test('gives back what was voided', async () => {
    await subscribed(env)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '12000' }])
    await advance(env, AFTER_MARCH)
    await voidAll()
    await advance(env, AFTER_APRIL)
    expect((await linesOf())[1]).toEqual(['late API Calls, late usage -20.00'])
  })

  test('that changes no amount is on no invoice', async () => {
    await subscribed(env)
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10000' }])
    await advance(env, AFTER_APRIL)
    expect(await linesOf()).toEqual([[], []])
  })

  test('is on the preview and the draft as it will be on the invoice', async () => {
    const { id } = await subscribed(env)
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10300' }])
    await fold()
    const preview = await inOwnTransaction((tx) =>
      previewInvoice(tx, env, id, new Date(AFTER_MARCH)),
    )
    expect(preview.content.lines.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual([
      'base 10000',
      'late 300',
    ])
    await advance(env, '2026-05-01T00:00:00Z')
    const draft = (await invoices(env)).at(-1)
    expect([draft?.status, draft?.total]).toEqual(['draft', '103.00'])
  })

  test('is on the first of two drafts that wait at once, and on no other', async () => {
    const weekly = { key: 'weekly', cycle: 'week', graceSeconds: 864_000 } as const
    await inOwnTransaction((tx) => aPlan(tx, env, weekly))
    await subscribed(env, { plan: 'weekly' })
    await advance(env, '2026-03-19T00:00:00Z') // the first week is final, the second waits
    await use(env, [{ customer: 'ann', at: '2026-03-03T00:00:00Z', amount: '10100' }])
    await advance(env, '2026-03-23T00:00:00Z') // the second and the third wait
    await fold()
    const [, second, third] = await invoices(env)
    expect([second, third].map((each) => [each?.status, each?.total])).toEqual([
      ['draft', '101.00'],
      ['draft', '100.00'],
    ])
  })

  test('lists its events, and none that were billed before', async () => {
    await subscribed(env)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10000' }])
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '7' }])
    await advance(env, AFTER_APRIL)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '8' }])
    await advance(env, AFTER_MAY)
    const listed = await Promise.all((await invoices(env)).slice(1).map(eventsOfLate))
    expect(listed).toEqual([['7'], ['8']])
  })
})

describe('whose usage is late', () => {
  beforeEach(() =>
    inOwnTransaction(async (tx) => {
      await declareCustomer(tx, env, { customer: 'acme' }, START)
      await declareCustomer(tx, env, { customer: 'acme-eu', parent: 'acme' }, START)
      await declareCustomer(tx, env, { customer: 'acme-fr', parent: 'acme-eu' }, START)
    }),
  )

  const everybody = ['acme', 'acme-eu', 'acme-fr', 'bob'].map((customer) => ({
    customer,
    at: IN_MARCH,
    amount: '10001',
  }))

  test.each([
    ['a customer', 'bob', ['bob'], '0.01'],
    ['the top of others', 'acme', ['acme', 'acme-eu', 'acme-fr'], '200.03'],
    ['nobody in particular', null, ['acme', 'acme-eu', 'acme-fr', 'bob'], '300.04'],
  ])('is that of those whom %s pays for', async (_, customer, noted, late) => {
    await subscribed(env, { customer })
    await advance(env, AFTER_MARCH)
    await use(env, everybody)
    await advance(env, AFTER_APRIL)
    expect(await lateCustomers()).toEqual(noted)
    expect((await linesOf())[1]).toEqual([`late API Calls, late usage ${late}`])
  })

  test("is nobody's while the period is open", async () => {
    await subscribed(env, { customer: 'bob' }, new Date('2026-03-15T00:00:00Z'))
    await subscribed(env, { customer: 'acme' })
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'bob', at: IN_MARCH }])
    await fold()
    expect(await lateCustomers()).toEqual([])
  })
})

describe('the setting of the meter', () => {
  test.each([
    ['bill', '105.00', '80.00'],
    ['credit', '100.00', '80.00'],
    ['absorb', '100.00', '100.00'],
  ] as const)(
    '%s: of more is charged and of less given back as it says',
    async (setting, more, less) => {
      await setLate(setting)
      await subscribed(env)
      await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10000' }])
      await advance(env, AFTER_MARCH)
      await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '500' }])
      await use(env, [{ customer: 'ann', at: '2026-04-10T00:00:00Z', amount: '12000' }])
      await advance(env, AFTER_APRIL)
      await voidAll("occurred_at >= '2026-04-01'")
      await advance(env, AFTER_MAY)
      const [, april, may] = await invoices(env)
      expect(april?.lines.some(({ kind }) => kind === 'late')).toBe(true)
      expect([minus(april?.total, '20'), may?.total]).toEqual([more, less])
    },
  )

  test('what was absorbed stays so when the setting changes', async () => {
    await setLate('absorb')
    await subscribed(env)
    await advance(env, AFTER_MARCH)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '10500' }])
    await advance(env, AFTER_APRIL)
    await setLate('bill')
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '1' }])
    await advance(env, AFTER_MAY)
    expect((await linesOf()).slice(1)).toEqual([
      ['late API Calls, late usage, not charged 0.00'],
      ['late API Calls, late usage 0.01'],
    ])
  })
})

test('a price with tiers comes to the same however its usage is split into on time and late', async () => {
  await inOwnTransaction(async (tx) => {
    await aMeter(tx, env, { key: 'GB' })
    await aPlan(tx, env, {
      key: 'tiers',
      basePrice: '0',
      prices: [
        {
          meter: 'GB',
          model: 'graduated',
          includedUnits: '0',
          tiers: [
            { upTo: '10', unitPrice: '1', flatFee: '0' },
            { upTo: '20', unitPrice: '0.5', flatFee: '3' },
            { upTo: null, unitPrice: '0.123', flatFee: '0' },
          ],
        },
      ],
    })
  })
  const whole = 37
  for (const onTime of [0, 9, 10, 11, 20, 21, 36]) {
    const customer = `c${onTime}`
    await subscribed(env, { customer, plan: 'tiers' })
    const used = (amount: number) => ({
      customer,
      at: IN_MARCH,
      name: 'GB',
      amount: String(amount),
    })
    if (onTime > 0) await use(env, [used(onTime)])
  }
  await advance(env, AFTER_MARCH)
  for (const onTime of [0, 9, 10, 11, 20, 21, 36])
    await use(env, [
      { customer: `c${onTime}`, at: IN_MARCH, name: 'GB', amount: String(whole - onTime - 1) },
      { customer: `c${onTime}`, at: IN_MARCH, name: 'GB', amount: '1' },
    ])
  await advance(env, AFTER_APRIL)
  for (const onTime of [0, 9, 10, 11, 20, 21, 36]) {
    const all = await invoices(env, { customer: `c${onTime}` })
    const sum = all.reduce((total, { totalMinor }) => total + BigInt(totalMinor), 0n)
    expect([onTime, sum]).toEqual([onTime, 1000n + 800n + 209n]) // 10 × 1, 3 + 10 × 0.50, 17 × 0.123
  }
})

async function lateCustomers(): Promise<string[]> {
  const rows = await inOwnTransaction((tx) =>
    tx.selectFrom('late_hours').where('env_id', '=', env).select('customer').execute(),
  )
  return rows.map(({ customer }) => customer).sort()
}

/** Voids the usage before an instant, or all of it, as a correction over HTTP does. */
async function voidAll(which = 'true'): Promise<void> {
  const { database } = await testDatabase()
  await database.inTransaction((tx) =>
    sql`insert into event_corrections (env_id, key, correction_no, kind, created_at)
      select env_id, key, 1, 'void', now() from usage_events
      where env_id = ${env} and ${sql.raw(which)}`.execute(tx),
  )
}

function minus(total: string | undefined, amount: string): string {
  return (Number(total) - Number(amount)).toFixed(2)
}

async function eventsOfLate({ id, lines }: Awaited<ReturnType<typeof onlyInvoice>>) {
  const lineNo = lines.find(({ kind }) => kind === 'late')?.lineNo ?? 0
  const events = await inOwnTransaction((tx) =>
    lineEvents(tx, env, { id, lineNo }, { limit: 10, after: null }),
  )
  return events.map(({ amount }) => amount)
}
