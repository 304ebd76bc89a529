import { describe, expect, test } from 'vitest'
import { anEnvironment, dbTest, inOwnTransaction, testDatabase } from '../db/test-db.ts'
import type { Tx } from '../db/transaction.ts'
import { appendFact, appendFacts, FACT_KIND } from './append-fact.ts'
import { insertFact, selectFacts, selectFactsBefore } from './facts.store.ts'

const AT = new Date('2026-03-01T00:00:00Z')

const dueOf = (tx: Tx, envId: number) =>
  tx.selectFrom('due').where('env_id', '=', envId).select(['kind', 'ref', 'at']).execute()

describe('a fact', () => {
  dbTest('is written with the work of handing it on', async ({ tx }) => {
    const envId = await anEnvironment(tx)
    const data = { invoiceId: 'inv_1', amount: 120, nested: { list: [1, 'a', null] } }
    const id = await appendFact(tx, envId, { type: 'invoice.finalized', at: AT, data })
    expect(await selectFacts(tx, envId, [id])).toEqual([
      { id, type: 'invoice.finalized', at: AT, data },
    ])
    expect(await dueOf(tx, envId)).toEqual([{ kind: FACT_KIND, ref: id, at: AT }])
  })

  dbTest('is written no otherwise beside a thousand others', async ({ tx }) => {
    const envId = await anEnvironment(tx)
    const facts = Array.from({ length: 1_000 }, (_, n) => ({
      type: `type.${n % 3}`,
      at: new Date(AT.getTime() + n),
      data: { n, text: `"${n}" {a,b} \\ \u2028 ' null`, list: [null, { a: [] }] },
    }))
    await appendFacts(tx, envId, facts)
    await appendFacts(tx, envId, [])
    const page = { limit: 2_000, before: null, type: null }
    const written = await selectFactsBefore(tx, envId, page)
    expect(written.map(({ id: _, ...fact }) => fact).reverse()).toEqual(facts)
    const due = await dueOf(tx, envId)
    expect(new Set(due.map(({ ref, at }) => `${ref} ${at.toISOString()}`))).toEqual(
      new Set(written.map(({ id, at }) => `${id} ${at.toISOString()}`)),
    )
  })

  test('does not exist when its change does not', async () => {
    const envId = await inOwnTransaction((tx) => anEnvironment(tx))
    const failing = inOwnTransaction(async (tx) => {
      await appendFact(tx, envId, { type: 'a', at: AT, data: {} })
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    const { database } = await testDatabase()
    const rows = await database.kysely
      .selectFrom('facts')
      .where('env_id', '=', envId)
      .select('id')
      .execute()
    expect(rows).toEqual([])
    expect(await inOwnTransaction((tx) => dueOf(tx, envId))).toEqual([])
  })

  dbTest('is seen by its environment alone, even under the same id', async ({ tx }) => {
    const [mine, other] = [await anEnvironment(tx), await anEnvironment(tx)]
    const fact = { id: 'fact_1', type: 'a', at: AT, data: {} }
    await insertFact(tx, mine, { ...fact, data: { whose: 'mine' } })
    await insertFact(tx, other, { ...fact, data: { whose: 'other' } })
    expect(await selectFacts(tx, mine, ['fact_1'])).toMatchObject([{ data: { whose: 'mine' } }])
    const page = { limit: 10, before: null, type: null }
    expect(await selectFactsBefore(tx, other, page)).toMatchObject([{ data: { whose: 'other' } }])
  })
})

describe('a list that grows while it is read', () => {
  const SHARED_INSTANTS = 7

  /** Facts of which many have the same time, so that the id has to tell them apart. */
  async function someFacts(tx: Tx, envId: number, from: number, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, n) => `fact_${((from + n) * 7919) % 100_003}`)
    for (const [n, id] of ids.entries()) {
      const at = new Date(AT.getTime() + ((from + n) % SHARED_INSTANTS))
      await insertFact(tx, envId, { id, type: n % 2 === 0 ? 'even' : 'odd', at, data: {} })
    }
    return ids
  }

  test.each([1, 7, 50])('shows what was there at the start once, %i a page', async (limit) => {
    const envId = await inOwnTransaction((tx) => anEnvironment(tx))
    const atTheStart = await inOwnTransaction((tx) => someFacts(tx, envId, 0, 60))
    const seen: string[] = []
    let before: { at: Date; id: string } | null = null
    for (let page = 1; ; page++) {
      const facts: { id: string; at: Date }[] = await inOwnTransaction((tx) =>
        selectFactsBefore(tx, envId, { limit, before, type: null }),
      )
      seen.push(...facts.map(({ id }) => id))
      const last = facts.at(-1)
      if (!last) break
      before = { at: last.at, id: last.id }
      if (page <= 20) await inOwnTransaction((tx) => someFacts(tx, envId, 60 + page * 5, 5))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(atTheStart.filter((id) => !seen.includes(id))).toEqual([])
  })

  dbTest('is in order, the latest first, and of one type if that is asked', async ({ tx }) => {
    const envId = await anEnvironment(tx)
    await someFacts(tx, envId, 0, 40)
    const page = { limit: 100, before: null, type: 'odd' }
    const facts = await selectFactsBefore(tx, envId, page)
    expect(facts).toHaveLength(20)
    expect(new Set(facts.map(({ type }) => type))).toEqual(new Set(['odd']))
    const times = facts.map(({ at }) => at.getTime())
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })
})
