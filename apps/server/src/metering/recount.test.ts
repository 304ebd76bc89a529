import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { findMeter } from '../catalog/find-meter.ts'
import type { Aggregation } from '../catalog/meter.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { recount } from './recount.ts'
import { aMeter, anEnv, backFillAll, correct, fold, index, store } from './test-metering.ts'
import { checkAgainstEvents, totals } from './total.ts'

const FROM = new Date('2026-03-01T10:20:00Z')
const TO = new Date('2026-03-03T09:00:00Z')
const WHOLE = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') }
const AGGREGATIONS = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'LAST', 'UNIQUE'] as const
const FIRST_HOUR = '2026-03-01T10:00:00.000Z'
const LAST_HOUR = '2026-03-03T08:00:00.000Z'
const NEXT_HOUR = '2026-03-03T09:00:00.000Z'

let env: number
beforeEach(async () => {
  env = await anEnv()
  const at = (hour: string, amount: string, key: string) => ({
    ...{ at: hour, amount, key, metadata: { user: amount } },
  })
  await store(env, [
    at('2026-03-01T10:00:00Z', '1', 'a'),
    at('2026-03-01T10:30:00Z', '2', 'b'),
    at('2026-03-03T08:59:59Z', '3', 'c'),
    at('2026-03-03T09:00:00Z', '4', 'd'),
    { ...at('2026-03-01T10:00:00Z', '5', 'e'), customer: 'bob' },
  ])
  const amended = { amount: '7', at: '2026-03-01T10:00:00Z', metadata: { user: '7' } }
  await correct(env, { key: 'a', kind: 'amend', ...amended })
  for (const aggregation of AGGREGATIONS)
    await aMeter(env, {
      aggregation,
      valueProperty: aggregation === 'UNIQUE' ? ['user'] : null,
    })
  await fold()
  await backFillAll()
  await index()
})

async function recounted(meter: string, customer = 'ann', to = TO): Promise<string[]> {
  const { database } = await testDatabase()
  const asked = { meter: await inOwnTransaction((tx) => findMeter(tx, env, meter)), customer }
  const wrong = await recount(database, env, { ...asked, from: FROM, to })
  return wrong.map((hour) => hour.toISOString())
}

/** What of all meters and customers its events do not confirm. */
function mismatches() {
  return inOwnTransaction(async (tx) => {
    const asked = await Promise.all(
      AGGREGATIONS.flatMap((key) =>
        ['ann', 'bob'].map(async (customer) => ({
          id: `${key} ${customer}`,
          meterNo: (await findMeter(tx, env, key)).meterNo,
          slices: [{ ...WHOLE, customer, except: [] }],
        })),
      ),
    )
    const wrong = await checkAgainstEvents(tx, env, asked, await totals(tx, env, asked))
    return wrong.map(({ id }) => id)
  })
}

const damage = (text: string) => inOwnTransaction((tx) => sql.raw(text).execute(tx))

test.each(AGGREGATIONS satisfies readonly Aggregation[])(
  '%s: what is wrong is put right, and nothing else is touched',
  async (key) => {
    const mine = `env_id = ${env} and meter_no = (select meter_no from meters where env_id = ${env} and key = '${key}')`
    await damage(
      `update usage_rollups set events = events + 1, sum = sum + 1, min = 0, max = 99, last_value = 5 where ${mine}`,
    )
    await damage(`delete from usage_uniques where ${mine} and customer = 'ann'`)
    const others = `select xmin::text, ctid::text, * from usage_rollups where env_id = ${env} and not (${mine} and customer = 'ann') order by 2`
    const before = (await damage(others)).rows
    expect(await mismatches()).toEqual([`${key} ann`, `${key} bob`])
    expect(await recounted(key)).toEqual([FIRST_HOUR, LAST_HOUR])
    expect((await damage(others)).rows).toEqual(before)
    expect(await recounted(key)).toEqual([])
    expect(await recounted(key, 'ann', WHOLE.to)).toEqual([NEXT_HOUR]) // which was not asked for before
    expect(await mismatches()).toEqual([`${key} bob`])
  },
)

test('what is right stays as it is, and what is not folded yet is counted once', async () => {
  await store(env, [{ at: '2026-03-01T10:40:00Z', amount: '9', key: 'later' }])
  for (const key of AGGREGATIONS) expect(await recounted(key)).toEqual([])
  await fold()
  expect(await mismatches()).toEqual([])
  expect(await recounted('SUM', 'nobody')).toEqual([])
})
