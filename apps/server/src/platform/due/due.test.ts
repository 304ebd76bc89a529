import { describe, expect, test } from 'vitest'
import { anEnvironment, inOwnTransaction } from '../db/test-db.ts'
import type { Tx } from '../db/transaction.ts'
import { moveClock } from '../environment-clock/environment-clock.ts'
import { claimDue, failDue, selectDueKinds } from './due.store.ts'
import { finish, postpone } from './finish.ts'
import { type Job, LeaseLost } from './job.ts'
import { schedule, scheduleMany } from './schedule.ts'

const PAST = new Date('2026-01-01T00:00:00Z')
const NOW = new Date('2026-03-01T00:00:00Z')
const LATER = new Date('2026-03-01T00:00:01Z')

/** A kind of its own for each test: claims see the whole database. */
let number = 0
function aKind(): string {
  number += 1
  return `kind-${number}`
}

function claim(
  tx: Tx,
  kind: string,
  overrides: { limit?: number; leaseMs?: number; systemNow?: Date } = {},
): Promise<Job[]> {
  return claimDue(tx, { kinds: [kind], limit: 10, leaseMs: 20_000, systemNow: NOW, ...overrides })
}

async function scheduled(kind: string, refs: readonly string[], at = PAST): Promise<number> {
  return inOwnTransaction(async (tx) => {
    const envId = await anEnvironment(tx)
    await scheduleMany(
      tx,
      envId,
      refs.map((ref) => ({ kind, ref, at })),
    )
    return envId
  })
}

/** An environment whose clock stands, with work of the kind that fell due at `at`. */
async function frozenAt(now: Date, kind: string, at: Date): Promise<number> {
  return inOwnTransaction(async (tx) => {
    const envId = await anEnvironment(tx, 'test')
    await schedule(tx, envId, { kind, ref: `${envId}`, at })
    await tx
      .updateTable('environment_clocks')
      .set({ frozen_at: now, target: now })
      .where('env_id', '=', envId)
      .execute()
    return envId
  })
}

async function stop(envId: number): Promise<void> {
  await inOwnTransaction((tx) =>
    tx
      .updateTable('environment_clocks')
      .set({ stopped: true })
      .where('env_id', '=', envId)
      .execute(),
  )
}

describe('claimDue', () => {
  test('takes no more than asked for, of environments whose clock was moved as of all others', async () => {
    const [kind, other] = [aKind(), aKind()]
    for (const one of [kind, other]) {
      await scheduled(one, ['a', 'b', 'c'])
      for (const _ of [1, 2, 3]) await frozenAt(NOW, one, PAST)
    }
    const kinds = [kind, other]
    const jobs = await inOwnTransaction((tx) =>
      claimDue(tx, { kinds, limit: 2, leaseMs: 20_000, systemNow: NOW }),
    )
    expect(jobs.filter(({ ref }) => /^[abc]$/.test(ref))).toHaveLength(2)
    expect(jobs).toHaveLength(4) // as many again of those whose clock was moved
  })

  test('leaves alone what is due in real time only, and where the clock is stopped', async () => {
    const kind = aKind()
    const behind = await frozenAt(PAST, kind, NOW)
    const moved = await frozenAt(NOW, kind, PAST)
    const real = await scheduled(kind, ['a'])
    for (const envId of [moved, real]) await stop(envId)
    expect(await inOwnTransaction((tx) => claim(tx, kind, { systemNow: LATER }))).toEqual([])
    expect(behind).toBeGreaterThan(0)
  })

  test('hands work out once, however many ask at the same time', async () => {
    const kind = aKind()
    const refs = Array.from({ length: 40 }, (_, index) => `ref-${index}`)
    await scheduled(kind, refs)

    const claims = await Promise.all(
      Array.from({ length: 8 }, () => inOwnTransaction((tx) => claim(tx, kind))),
    )

    const handedOut = claims.flat().map((job) => job.ref)
    expect(new Set(handedOut).size).toBe(handedOut.length)
    const rest = await inOwnTransaction((tx) => claim(tx, kind, { limit: 100 }))
    expect([...handedOut, ...rest.map((job) => job.ref)].sort()).toEqual(refs.sort())
  })

  test('takes the earliest of all its kinds, not of one first', async () => {
    const [one, other] = [aKind(), aKind()]
    const at = (day: number) => new Date(Date.UTC(2026, 0, day))
    await inOwnTransaction(async (tx) => {
      const envId = await anEnvironment(tx)
      for (const day of [1, 3, 5])
        await schedule(tx, envId, { kind: one, ref: `${day}`, at: at(day) })
      for (const day of [2, 4, 6])
        await schedule(tx, envId, { kind: other, ref: `${day}`, at: at(day) })
    })
    const kinds = [other, one]
    const first = () =>
      inOwnTransaction((tx) => claimDue(tx, { kinds, limit: 3, leaseMs: 20_000, systemNow: NOW }))
    expect((await first()).map((job) => job.ref)).toEqual(['1', '2', '3'])
    expect((await first()).map((job) => job.ref)).toEqual(['4', '5', '6'])
  })

  test('leaves alone what is not due yet', async () => {
    const kind = aKind()
    await scheduled(kind, ['a'], LATER)
    expect(await inOwnTransaction((tx) => claim(tx, kind))).toEqual([])
    expect(await inOwnTransaction((tx) => claim(tx, kind, { systemNow: LATER }))).toHaveLength(1)
  })

  test('hands out again what a dead worker held, with a greater fence', async () => {
    const kind = aKind()
    await scheduled(kind, ['a'])
    const [dead] = await inOwnTransaction((tx) => claim(tx, kind, { leaseMs: 1 }))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const [next] = await inOwnTransaction((tx) => claim(tx, kind))
    expect(Number(next?.fence)).toBeGreaterThan(Number(dead?.fence))
  })

  test('goes by the clock of the environment, frozen while it is being moved', async () => {
    const kind = aKind()
    const march = new Date('2027-03-01T00:00:00Z')
    const envId = await inOwnTransaction(async (tx) => {
      const id = await anEnvironment(tx, 'test')
      await schedule(tx, id, { kind, ref: 'a', at: march })
      return id
    })
    await inOwnTransaction((tx) => moveClock(tx, envId, new Date('2027-04-01T00:00:00Z'), NOW))
    expect(await inOwnTransaction((tx) => claim(tx, kind))).toEqual([])
    await inOwnTransaction((tx) =>
      tx
        .updateTable('environment_clocks')
        .set({ frozen_at: march })
        .where('env_id', '=', envId)
        .execute(),
    )
    expect(await inOwnTransaction((tx) => claim(tx, kind))).toMatchObject([
      { ref: 'a', now: march },
    ])
  })
})

describe('finish', () => {
  test('of a worker that was taken for dead undoes everything it did', async () => {
    const kind = aKind()
    const envId = await scheduled(kind, ['a'])
    const [zombie] = await inOwnTransaction((tx) => claim(tx, kind, { leaseMs: 1 }))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const [heir] = await inOwnTransaction((tx) => claim(tx, kind))
    if (!zombie || !heir) throw new Error('nothing was claimed')

    const late = inOwnTransaction(async (tx) => {
      await schedule(tx, envId, { kind, ref: 'what the zombie did', at: PAST })
      await finish(tx, [zombie])
    })

    await expect(late).rejects.toThrow(LeaseLost)
    await inOwnTransaction((tx) => finish(tx, [heir]))
    expect(await inOwnTransaction((tx) => claim(tx, kind))).toEqual([])
  })

  test('refuses the whole batch when one of its leases was lost', async () => {
    const kind = aKind()
    const envId = await scheduled(kind, ['a', 'b'])
    const jobs = await inOwnTransaction((tx) => claim(tx, kind))
    await inOwnTransaction((tx) => schedule(tx, envId, { kind, ref: 'b', at: PAST })) // takes the lease away
    await expect(inOwnTransaction((tx) => finish(tx, jobs))).rejects.toThrow(LeaseLost)
    expect(await inOwnTransaction((tx) => claim(tx, kind))).toHaveLength(1)
  })
})

test('postponed work comes back at its new time and no earlier', async () => {
  const kind = aKind()
  await scheduled(kind, ['a'])
  const [job] = await inOwnTransaction((tx) => claim(tx, kind))
  if (!job) throw new Error('nothing was claimed')
  await inOwnTransaction((tx) => postpone(tx, job, LATER))
  expect(await inOwnTransaction((tx) => claim(tx, kind))).toEqual([])
  expect(await inOwnTransaction((tx) => claim(tx, kind, { systemNow: LATER }))).toHaveLength(1)
})

describe('selectDueKinds', () => {
  const dueOf = (kinds: readonly string[], systemNow = NOW) =>
    inOwnTransaction((tx) => selectDueKinds(tx, kinds, systemNow))

  test('names the kinds that were asked for of which something is due, each once', async () => {
    const [due, later, other] = [aKind(), aKind(), aKind()]
    await scheduled(due, ['a', 'b'])
    await scheduled(other, ['a'])
    await scheduled(later, ['a'], LATER)
    await frozenAt(NOW, due, PAST)
    expect(await dueOf([due, later])).toEqual([due])
    expect((await dueOf([due, later], LATER)).sort()).toEqual([due, later].sort())
  })

  test('goes by the clock of the environment, and by none that is stopped', async () => {
    const [moved, behind, stopped, alsoStopped] = [aKind(), aKind(), aKind(), aKind()]
    await frozenAt(LATER, moved, LATER)
    await frozenAt(PAST, behind, NOW) // due in real time, and not by its own
    await stop(await frozenAt(NOW, stopped, PAST))
    await stop(await scheduled(alsoStopped, ['a']))
    expect(await dueOf([moved, behind, stopped, alsoStopped])).toEqual([moved])
    expect(await dueOf([behind])).toEqual([]) // nor is one found that nobody asked for
  })

  test('names none whose work is being done or was given up, in real time or not', async () => {
    const [held, parked] = [aKind(), aKind()]
    for (const kind of [held, parked]) {
      await scheduled(kind, ['a'])
      await frozenAt(NOW, kind, PAST)
    }
    expect(await inOwnTransaction((tx) => claim(tx, held))).toHaveLength(2)
    const jobs = await inOwnTransaction((tx) => claim(tx, parked))
    const givenUp = { error: 'no', delayMs: 0, counts: true, giveUp: true }
    for (const job of jobs) await inOwnTransaction((tx) => failDue(tx, job, givenUp))
    expect(await dueOf([held, parked])).toEqual([])
    expect(await inOwnTransaction((tx) => claim(tx, parked))).toEqual([])
  })
})

test('work that was given up waits for a person, and scheduling it again revives it', async () => {
  const kind = aKind()
  const envId = await scheduled(kind, ['a'])
  const [job] = await inOwnTransaction((tx) => claim(tx, kind))
  if (!job) throw new Error('nothing was claimed')
  await inOwnTransaction((tx) =>
    failDue(tx, job, { error: 'no', delayMs: 0, counts: true, giveUp: true }),
  )
  expect(await inOwnTransaction((tx) => claim(tx, kind))).toEqual([])
  await inOwnTransaction((tx) => schedule(tx, envId, { kind, ref: 'a', at: PAST }))
  expect(await inOwnTransaction((tx) => claim(tx, kind))).toHaveLength(1)
})
