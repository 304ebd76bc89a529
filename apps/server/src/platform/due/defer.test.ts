import { expect } from 'vitest'
import { anEnvironment, dbTest as test } from '../db/test-db.ts'
import type { Tx } from '../db/transaction.ts'
import { claimDue } from './due.store.ts'
import { defer, finish } from './finish.ts'
import { LeaseLost } from './job.ts'
import { schedule } from './schedule.ts'

const AT = new Date('2026-03-01T00:00:00Z')

function claimed(tx: Tx) {
  return claimDue(tx, { kinds: ['test.defer'], limit: 10, leaseMs: 60_000, systemNow: AT })
}

test('deferred work stays due at its time, and is free again after the delay', async ({ tx }) => {
  const envId = await anEnvironment(tx)
  await schedule(tx, envId, { kind: 'test.defer', ref: 'a', at: AT })
  const jobs = await claimed(tx)
  await defer(tx, jobs, 60_000)
  expect(await claimed(tx)).toEqual([])

  await defer(tx, jobs, -1)
  expect(await claimed(tx)).toMatchObject([{ ref: 'a', at: AT }])
})

test('only who holds the claim defers: somebody else has the work now', async ({ tx }) => {
  const envId = await anEnvironment(tx)
  await schedule(tx, envId, { kind: 'test.defer', ref: 'a', at: AT })
  const earlier = await claimed(tx)
  await defer(tx, earlier, -1)
  const later = await claimed(tx)

  await expect(defer(tx, earlier, 1_000)).rejects.toBeInstanceOf(LeaseLost)
  await finish(tx, later)
})
