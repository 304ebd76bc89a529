import { describe, expect } from 'vitest'
import { anEnvironment, dbTest as test } from '../db/test-db.ts'
import { schedule } from '../due/schedule.ts'
import { advanceMovingClocks, environmentNow, moveClock, readClock } from './environment-clock.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const TARGET = new Date('2026-04-01T02:00:00Z')

const after = (ms: number): Date => new Date(NOW.getTime() + ms)

describe('a clock', () => {
  test('shows real time until it is moved, and runs on from where it was moved to', async ({
    tx,
  }) => {
    const envId = await anEnvironment(tx, 'test')
    expect(await environmentNow(tx, envId, NOW)).toEqual(NOW)
    await moveClock(tx, envId, TARGET, NOW)
    await advanceMovingClocks(tx, after(500))
    expect(await readClock(tx, envId, after(500))).toEqual({ now: TARGET, target: null })
    expect(await environmentNow(tx, envId, after(1_500))).toEqual(
      new Date(TARGET.getTime() + 1_000),
    )
  })

  test('stops at everything that falls due on its way until it is done', async ({ tx }) => {
    const envId = await anEnvironment(tx, 'test')
    const first = new Date('2026-03-10T00:00:00Z')
    const second = new Date('2026-03-20T00:00:00Z')
    await schedule(tx, envId, { kind: 'k', ref: 'second', at: second })
    await schedule(tx, envId, { kind: 'k', ref: 'first', at: first })
    await moveClock(tx, envId, TARGET, NOW)

    expect(await advanceMovingClocks(tx, NOW)).toBe(1)
    expect(await environmentNow(tx, envId, NOW)).toEqual(first)
    expect(await advanceMovingClocks(tx, NOW)).toBe(1) // not done yet: it stays
    expect(await environmentNow(tx, envId, NOW)).toEqual(first)

    await tx.deleteFrom('due').where('ref', '=', 'first').execute()
    await advanceMovingClocks(tx, NOW)
    expect(await environmentNow(tx, envId, NOW)).toEqual(second)

    await tx.deleteFrom('due').where('ref', '=', 'second').execute()
    expect(await advanceMovingClocks(tx, NOW)).toBe(0)
    expect(await environmentNow(tx, envId, NOW)).toEqual(TARGET)
  })

  test('is not moved backwards, which would unmake what was invoiced', async ({ tx }) => {
    const envId = await anEnvironment(tx, 'test')
    await expect(moveClock(tx, envId, after(-1), NOW)).rejects.toMatchObject({
      code: 'clock.backwards',
    })
  })

  test('makes one move at a time', async ({ tx }) => {
    const envId = await anEnvironment(tx, 'test')
    await moveClock(tx, envId, TARGET, NOW)
    await expect(moveClock(tx, envId, TARGET, NOW)).rejects.toMatchObject({ code: 'clock.moving' })
  })

  test('is not moved further than five years at once', async ({ tx }) => {
    const envId = await anEnvironment(tx, 'test')
    const far = new Date('2032-01-01T00:00:00Z')
    await expect(moveClock(tx, envId, far, NOW)).rejects.toMatchObject({ code: 'clock.too_far' })
  })
})
