import { describe, expect, test } from 'vitest'
import { anEnvironment, inOwnTransaction } from '../db/test-db.ts'
import type { Tx } from '../db/transaction.ts'
import { claimDue, failDue } from './due.store.ts'
import { finish, holdClaim, postpone } from './finish.ts'
import { type Job, LeaseLost } from './job.ts'
import { scheduleNoLater } from './schedule.ts'

const PAST = new Date('2026-01-01T00:00:00Z')
const NOW = new Date('2026-03-01T00:00:00Z')
const LATER = new Date('2026-03-01T00:00:01Z')

let number = 0
/** One piece of work, not scheduled yet, of a kind that no other test claims. */
async function someWork() {
  number += 1
  const envId = await inOwnTransaction(anEnvironment)
  return { envId, kind: `no-later-${number}`, ref: 'a' }
}

type SomeWork = Awaited<ReturnType<typeof someWork>>

function scheduled({ envId, kind, ref }: SomeWork, at: Date): Promise<void> {
  return inOwnTransaction((tx) => scheduleNoLater(tx, envId, [{ kind, ref, at }]))
}

async function claimed(kind: string, leaseMs = 20_000): Promise<Job | undefined> {
  const claim = { kinds: [kind], limit: 10, leaseMs, systemNow: NOW }
  const [job] = await inOwnTransaction((tx: Tx) => claimDue(tx, claim))
  return job
}

async function claimedNow(kind: string, leaseMs?: number): Promise<Job> {
  const job = await claimed(kind, leaseMs)
  if (!job) throw new Error('nothing was due')
  return job
}

describe('scheduleNoLater', () => {
  test('brings work forward and never puts it off', async () => {
    const work = await someWork()
    await scheduled(work, LATER)
    await scheduled(work, PAST)
    await scheduled(work, LATER)
    expect((await claimed(work.kind))?.at).toEqual(PAST)
  })

  test('leaves the work to whoever is doing it', async () => {
    const work = await someWork()
    await scheduled(work, NOW)
    const job = await claimedNow(work.kind)
    await scheduled(work, PAST)

    expect(await claimed(work.kind)).toBeUndefined()
    await inOwnTransaction((tx) => postpone(tx, job, LATER))
  })

  test('gives work that was given up another try, but only one', async () => {
    const work = await someWork()
    await scheduled(work, NOW)
    const job = await claimedNow(work.kind)
    const failure = { error: 'broken', delayMs: 0, counts: true, giveUp: true }
    await inOwnTransaction((tx) => failDue(tx, { ...job, failures: 11 }, failure))
    expect(await claimed(work.kind)).toBeUndefined()

    await scheduled(work, LATER)
    expect((await claimed(work.kind))?.failures).toBe(12)
  })

  test('of many that schedule the same work in different orders, none fails', async () => {
    const { envId, kind } = await someWork()
    const refs = Array.from({ length: 20 }, (_, index) => ({ kind, ref: `ref-${index}`, at: NOW }))
    const once = (n: number) =>
      inOwnTransaction((tx) => scheduleNoLater(tx, envId, n % 2 ? refs : refs.toReversed()))
    await Promise.all(Array.from({ length: 20 }, (_, n) => once(n)))
  })
})

describe('holdClaim', () => {
  test('refuses the writes of a worker whose work another has taken over', async () => {
    const work = await someWork()
    await scheduled(work, NOW)
    const zombie = await claimedNow(work.kind, 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    const heir = await claimedNow(work.kind)

    await expect(inOwnTransaction((tx) => holdClaim(tx, zombie))).rejects.toThrow(LeaseLost)
    await inOwnTransaction((tx) => holdClaim(tx, heir))
  })

  test('refuses them also when the work was finished and has come again', async () => {
    const work = await someWork()
    await scheduled(work, NOW)
    const zombie = await claimedNow(work.kind, 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    const heir = await claimedNow(work.kind)
    await inOwnTransaction((tx) => finish(tx, [heir]))
    await scheduled(work, NOW)
    await claimedNow(work.kind)

    await expect(inOwnTransaction((tx) => holdClaim(tx, zombie))).rejects.toThrow(LeaseLost)
    await expect(inOwnTransaction((tx) => finish(tx, [zombie]))).rejects.toThrow(LeaseLost)
  })
})
