import { expect, test } from 'vitest'
import { metersById } from '../catalog/find-meter.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { backFill } from './back-fill.ts'
import { aMeter, anEnv, backFillAll, deps, fold, store } from './test-metering.ts'

test('a chunk is so many events, however few of them are older than the meter', async () => {
  const envId = await anEnv()
  await backFillAll()
  const meter = await aMeter(envId, { aggregation: 'SUM' })
  await fold() // it counts what comes from now on
  await store(envId, [{}, {}, {}, {}, {}])
  await fold()
  const isComplete = async () =>
    (await inOwnTransaction((tx) => metersById(tx, envId, [meter.id]))).get(meter.id)?.isComplete
  for (let chunk = 1; chunk <= 2; chunk++) {
    await backFill(await deps(), 2)
    expect([chunk, await isComplete()]).toEqual([chunk, false])
  }
  await backFill(await deps(), 2)
  expect(await isComplete()).toBe(true)
})
