import { decimal } from '@usageflow/pricing'
import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { creditListRoutes } from './credit-lists.routes.ts'
import { grantCredits, type NewGrant, voidGrant } from './grant-credits.ts'
import { settleUse } from './settle-use.ts'

const NOW = new Date('2026-03-10T00:00:00Z')
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour))

let app: TestApp
let meterId: string
beforeEach(async () => {
  app = await serveForTest(creditListRoutes(), { clock: () => NOW })
  meterId = await inOwnTransaction((tx) => aMeter(tx, app.envId))
  await inOwnTransaction((tx) =>
    seeCustomers(
      tx,
      ['ann', 'bob'].map((customer) => ({ envId: app.envId, customer })),
      at(1),
    ),
  )
})

function grant(name: string, overrides: Partial<NewGrant> = {}, granted = at(1)): Promise<string> {
  const wanted: NewGrant = {
    customer: 'ann',
    asset: { kind: 'units', meterId },
    amount: decimal('100'),
    lowAt: null,
    ...{ from: at(1), to: null, priority: 100, isPromotional: false },
    ...{ source: 'manual', name, cycle: null },
    ...overrides,
  }
  return inOwnTransaction(async (tx) => (await grantCredits(tx, app.envId, wanted, granted)).id)
}

async function answer(target: string) {
  const { status, json, text } = await app.send('GET', `/api/v1${target}`, { headers: KEY })
  if (status !== 200) throw new Error(`${target}: ${status} ${text}`)
  return json
}

async function names(query: string): Promise<string[]> {
  return (await answer(`/credits${query}`)).data.map(({ name }: { name: string }) => name)
}

async function one(state: 'active' | 'upcoming' | 'used_up' | 'ended' | 'void'): Promise<string> {
  const id = await grant(state, {
    ...(state === 'upcoming' ? { from: new Date(NOW.getTime() + 1) } : {}),
    ...(state === 'ended' ? { to: NOW } : {}),
    ...(state === 'active' ? { from: NOW, to: new Date(NOW.getTime() + 1) } : {}),
  })
  if (state === 'used_up')
    await inOwnTransaction((tx) =>
      settleUse(tx, app.envId, [{ grantId: id, invoiceId: 'inv_1', amount: decimal('100') }], NOW),
    )
  if (state === 'void') await inOwnTransaction((tx) => voidGrant(tx, app.envId, id, NOW))
  return id
}

describe('the grants of all customers', () => {
  test('stand in exactly one state each, also at the borders of their time', async () => {
    for (const state of ['active', 'upcoming', 'used_up', 'ended', 'void'] as const) {
      await one(state)
      expect(await names(`?state=${state}`)).toEqual([state])
    }
    const { data } = await answer('/credits')
    expect(data).toHaveLength(5)
    for (const { name, state } of data) expect(state).toBe(name)
  })

  test('are found by customer and kind, and paged without gap or repeat', async () => {
    const money = { kind: 'money', currency: 'USD', meterIds: null } as const
    for (let no = 0; no < 5; no += 1) await grant(`u${no}`, {}, at(1)) // at one instant
    await grant('money', { asset: money, customer: 'bob' }, at(2))
    expect(await names('?kind=money')).toEqual(['money'])
    expect(await names('?customerId=bob')).toEqual(['money'])
    expect(await names('?customerId=bob&kind=units')).toEqual([])
    const found: string[] = []
    for (let cursor = ''; ; ) {
      const { data, nextCursor } = await answer(`/credits?limit=2${cursor}`)
      found.push(...data.map(({ name }: { name: string }) => name))
      if (nextCursor === null) break
      cursor = `&cursor=${nextCursor}`
    }
    expect(found[0]).toBe('money')
    expect(found.slice(1).sort()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4'])
  })

  test('are added up by meter and currency, those alone that can be used now', async () => {
    const usd = { kind: 'money', currency: 'USD', meterIds: null } as const
    await grant('a', { asset: usd, amount: decimal('1500') })
    await grant('b', { asset: usd, amount: decimal('500'), customer: 'bob' })
    await one('active')
    await one('upcoming')
    await one('void')
    expect((await answer('/credits/totals')).data).toEqual([
      {
        ...{ kind: 'money', meterId: null, currency: 'USD', left: { amountMinor: '2000' } },
        ...{ grants: 2, customers: 2 },
      },
      {
        ...{ kind: 'units', meterId, currency: null, left: { units: '100' } },
        ...{ grants: 1, customers: 1 },
      },
    ])
  })
})

describe('the ledger of a customer', () => {
  test('has the entries of all its grants, the newest first, page by page', async () => {
    const first = await grant('first', {}, at(1))
    await grant('second', {}, at(2))
    await grant("bob's", { customer: 'bob' }, at(2))
    await inOwnTransaction((tx) =>
      settleUse(
        tx,
        app.envId,
        [{ grantId: first, invoiceId: 'inv_1', amount: decimal('30') }],
        at(3),
      ),
    )
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const { data, nextCursor } = await answer(`/customers/ann/credit-entries?limit=1${cursor}`)
      for (const { name, kind, amount } of data) seen.push(`${name} ${kind} ${amount.units}`)
      if (nextCursor === null) break
      cursor = `&cursor=${nextCursor}`
    }
    expect(seen).toEqual(['first use -30', 'second grant 100', 'first grant 100'])
  })

  test('refuses a cursor of something else, and a customer that is not there', async () => {
    const refused = async (target: string) => {
      const { status, json } = await app.send('GET', `/api/v1${target}`, { headers: KEY })
      return [status, json.error.code]
    }
    const cursor = Buffer.from('["2026-03-01T00:00:00.000Z","x"]').toString('base64url')
    expect(await refused(`/customers/ann/credit-entries?cursor=${cursor}`)).toEqual([
      ...[400, 'page.cursor_malformed'],
    ])
    expect(await refused('/customers/nobody/credit-entries')).toEqual([404, 'customer.unknown'])
  })
})
