import { beforeAll, describe, expect } from 'vitest'
import { inOwnTransaction, dbTest as test } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { ALWAYS, ROOT } from './customer.ts'
import { selectChain, selectCustomers } from './customers.store.ts'
import { changeCustomer, declareCustomer, getCustomer } from './declare-customer.ts'
import { parentLinks } from './parent-links.ts'
import { seeCustomers } from './see-customers.ts'
import { aBillingEnvironment } from './test-environment.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const LATER = new Date('2026-03-10T12:00:00Z')
const EVEN_LATER = new Date('2026-03-20T00:00:00Z')

let env: number
beforeAll(async () => {
  env = await inOwnTransaction((tx) => aBillingEnvironment(tx, NOW))
})

function seen(...names: string[]) {
  return names.map((customer) => ({ envId: env, customer }))
}

async function namesOf(tx: Tx): Promise<string[]> {
  const rows = await selectCustomers(tx, env, {
    ...{ limit: 100, after: null, parent: null, search: null, only: null },
  })
  return rows.map((row) => row.customer)
}

test('customers are found by a part of the id or the name in their own environment', async ({
  tx,
}) => {
  const other = await aBillingEnvironment(tx, NOW)
  await declareCustomer(tx, env, { customer: 'u_1', name: 'Ångström 100%' }, NOW)
  await declareCustomer(tx, env, { customer: 'STARK', name: 'Stark Energy' }, NOW)
  await declareCustomer(tx, other, { customer: 'u_2', name: 'Ångström' }, NOW)
  const found = async (search: string) => {
    const page = { limit: 100, after: null, parent: null, search, only: null }
    return (await selectCustomers(tx, env, page)).map(({ customer }) => customer)
  }
  expect(await found('ÅNGSTR')).toEqual(['u_1'])
  expect(await found('stark')).toEqual(['STARK'])
  expect(await found('0%')).toEqual(['u_1'])
  expect(await found('_')).toEqual(['u_1'])
  expect(await found('nobody')).toEqual([])
})

test('of many customers only those that are named are read, and none of another environment', async ({
  tx,
}) => {
  const other = await aBillingEnvironment(tx, NOW)
  for (const customer of ['a, b', 'c', 'd']) await declareCustomer(tx, env, { customer }, NOW)
  await declareCustomer(tx, other, { customer: 'e' }, NOW)
  const page = { limit: 100, after: null, parent: null, search: null, only: ['a, b', 'd', 'e'] }
  const found = await selectCustomers(tx, env, page)
  expect(found.map(({ customer }) => customer)).toEqual(['a, b', 'd'])
})

describe('seeCustomers', () => {
  test('makes one customer of one name, however often it is seen', async ({ tx }) => {
    await seeCustomers(tx, seen('ann', 'bob', 'ann'), NOW)
    const { id } = await getCustomer(tx, env, 'ann')
    await seeCustomers(tx, seen('bob', 'ann'), LATER)

    expect(await namesOf(tx)).toEqual([ROOT, 'ann', 'bob'])
    expect(await getCustomer(tx, env, 'ann')).toMatchObject({ id, createdAt: NOW })
  })

  test('of 20 processes that see the same customers at once, none fails', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `racer-${n}`)
    const database = await warmDatabase(20)
    const once = (n: number) =>
      database.inTransaction((tx) =>
        seeCustomers(tx, seen(...(n % 2 ? names : names.toReversed())), NOW),
      )
    await Promise.all(Array.from({ length: 20 }, (_, n) => once(n)))

    const found = await inOwnTransaction(namesOf)
    expect(found.filter((name) => name.startsWith('racer-'))).toHaveLength(50)
  })

  test('keeps the same name in two environments apart', async ({ tx }) => {
    const other = await aBillingEnvironment(tx, NOW)
    await seeCustomers(tx, [...seen('ann'), { envId: other, customer: 'ann' }], NOW)
    const mine = await getCustomer(tx, env, 'ann')
    expect((await getCustomer(tx, other, 'ann')).id).not.toBe(mine.id)
  })
})

describe('declareCustomer', () => {
  test('finds a customer that its first event has made, and keeps what is not said', async ({
    tx,
  }) => {
    await seeCustomers(tx, seen('ann'), NOW)
    const first = await declareCustomer(tx, env, { customer: 'ann', name: 'Ann' }, LATER)
    const second = await declareCustomer(tx, env, { customer: 'ann' }, LATER)

    expect(first).toMatchObject({ isNew: false, customer: { name: 'Ann', createdAt: NOW } })
    expect(second.customer).toEqual(first.customer)
  })

  test('gives a new customer its parent for all time, so that its first event counts', async ({
    tx,
  }) => {
    await seeCustomers(tx, seen('acme'), NOW)
    await declareCustomer(tx, env, { customer: 'acme-eu', parent: 'acme' }, LATER)

    const links = await parentLinks(tx, env, { tops: ['acme'], from: NOW, to: LATER })
    expect(links).toEqual([{ customer: 'acme-eu', parent: 'acme', since: ALWAYS, until: null }])
  })

  test.for([
    ['an unknown parent', { customer: 'x', parent: 'nobody' }, 'customer.parent_unknown'],
    ['itself as parent', { customer: 'x', parent: 'x' }, 'customer.parent_circle'],
    ['the root as parent', { customer: 'x', parent: ROOT }, 'customer.root_is_top'],
    ['a parent of the root', { customer: ROOT, parent: 'x' }, 'customer.root_is_top'],
  ] as const)('refuses %s', async ([, declared, code], { tx }) => {
    await expect(declareCustomer(tx, env, declared, NOW)).rejects.toMatchObject({ code })
  })
})

describe('changeCustomer', () => {
  test('moves a customer from now on, and leaves what was as it was', async ({ tx }) => {
    await seeCustomers(tx, seen('acme', 'bolt'), NOW)
    await declareCustomer(tx, env, { customer: 'eu', parent: 'acme' }, NOW)
    await changeCustomer(tx, env, { customer: 'eu', parent: 'bolt' }, LATER)
    await changeCustomer(tx, env, { customer: 'eu', parent: null }, EVEN_LATER)

    const links = await parentLinks(tx, env, { tops: [ROOT], from: NOW, to: EVEN_LATER })
    expect(links).toEqual([
      { customer: 'eu', parent: 'acme', since: ALWAYS, until: LATER },
      { customer: 'eu', parent: 'bolt', since: LATER, until: EVEN_LATER },
    ])
  })

  test('leaves no trace of a parent that held for no time', async ({ tx }) => {
    await seeCustomers(tx, seen('acme', 'bolt', 'eu'), NOW)
    await changeCustomer(tx, env, { customer: 'eu', parent: 'acme' }, LATER)
    await changeCustomer(tx, env, { customer: 'eu', parent: 'bolt' }, LATER)

    const links = await parentLinks(tx, env, { tops: [ROOT], from: NOW, to: EVEN_LATER })
    expect(links).toEqual([{ customer: 'eu', parent: 'bolt', since: LATER, until: null }])
  })

  test('refuses a circle over several steps', async ({ tx }) => {
    await declareCustomer(tx, env, { customer: 'a' }, NOW)
    await declareCustomer(tx, env, { customer: 'b', parent: 'a' }, NOW)
    await declareCustomer(tx, env, { customer: 'c', parent: 'b' }, NOW)

    await expect(
      changeCustomer(tx, env, { customer: 'a', parent: 'c' }, LATER),
    ).rejects.toMatchObject({ kind: 'invalid', code: 'customer.parent_circle' })
    expect(await selectChain(tx, env, 'c')).toEqual(['c', 'b', 'a'])
  })

  test('of two changes that together would close a circle, one is refused', async () => {
    await inOwnTransaction((tx) => seeCustomers(tx, seen('left', 'right'), NOW))
    const database = await warmDatabase(2)
    const put = (customer: string, parent: string) =>
      database.inTransaction((tx) => changeCustomer(tx, env, { customer, parent }, LATER))
    const answers = await Promise.allSettled([put('left', 'right'), put('right', 'left')])

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('does not know the customer of another environment', async ({ tx }) => {
    const other = await aBillingEnvironment(tx, NOW)
    await seeCustomers(tx, seen('ann'), NOW)
    await expect(
      changeCustomer(tx, other, { customer: 'ann', name: 'Eve' }, NOW),
    ).rejects.toMatchObject({ kind: 'not_found', code: 'customer.unknown' })
  })
})

test('parentLinks follows a subtree through all who stood in it at the time', async ({ tx }) => {
  await declareCustomer(tx, env, { customer: 'a' }, NOW)
  await declareCustomer(tx, env, { customer: 'b', parent: 'a' }, NOW)
  await declareCustomer(tx, env, { customer: 'c', parent: 'b' }, NOW)
  await declareCustomer(tx, env, { customer: 'x' }, NOW)
  await declareCustomer(tx, env, { customer: 'y', parent: 'x' }, NOW)

  const links = await parentLinks(tx, env, { tops: ['a'], from: NOW, to: LATER })
  expect(links.map(({ customer }) => customer)).toEqual(['b', 'c'])
})
