import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { changeInvoice } from './change-invoice.ts'
import { getInvoice } from './read-invoice.ts'
import { advance, anEnvironmentWithPro, factsOf, onlyInvoice, subscribed } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = '2026-04-01T00:00:00.000Z'
const AFTER_GRACE = '2026-04-01T01:00:00.000Z'

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
})

describe('a finalized invoice', () => {
  async function finalized(): Promise<string> {
    await subscribed(env)
    await advance(env, AFTER_GRACE)
    return (await onlyInvoice(env)).id
  }

  const LATER = new Date('2026-04-05T00:00:00Z')
  const step = (id: string, name: 'pay' | 'fail' | 'void', run = inOwnTransaction) =>
    run((tx) =>
      changeInvoice(tx, env, { id, step: name, reason: name === 'pay' ? null : 'why' }, LATER),
    )

  test('fails, is paid after all, and tells of each with a higher version', async () => {
    const id = await finalized()
    await step(id, 'fail')
    expect(await onlyInvoice(env)).toMatchObject({ status: 'failed', reason: 'why' })
    await step(id, 'pay')
    expect(await onlyInvoice(env)).toMatchObject({ status: 'paid', reason: null, version: 4 })

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
    const { inTransaction } = await warmDatabase(20)
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => step(id, n % 2 ? 'pay' : 'void', inTransaction)),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'invoice.step_impossible' })
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
  await subscribed(env)
  await advance(env, END)
  const { id } = await onlyInvoice(env)
  await expect(
    inOwnTransaction((tx) => changeInvoice(tx, env, { id, step: 'pay', reason: null }, START)),
  ).rejects.toMatchObject({ details: { status: 'draft', possible: [] } })
})
