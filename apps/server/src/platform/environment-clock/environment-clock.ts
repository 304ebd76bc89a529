import type { Tx } from '../db/transaction.ts'
import { Failure } from '../errors.ts'
import {
  type ClockRow,
  insertClock,
  lockMovingClocks,
  nextDueAt,
  selectClock,
  selectClockForUpdate,
  updateClock,
} from './environment-clocks.store.ts'

/** What time it is in an environment, and where its clock is being moved to. */
export type EnvironmentClock = {
  readonly now: Date
  /** Null when no move is under way. */
  readonly target: Date | null
}

const MOVE_MS_MAX = 5 * 366 * 24 * 60 * 60 * 1_000 // one move runs every due piece of work on its way

/** Gives a new environment a clock that runs `offsetMs` ahead of real time; 0 for a live one. */
export async function startClock(tx: Tx, envId: number, offsetMs: number): Promise<void> {
  await insertClock(tx, envId, offsetMs)
}

/** The environment's clock at the real time `systemNow`. */
export async function readClock(tx: Tx, envId: number, systemNow: Date): Promise<EnvironmentClock> {
  const row = await selectClock(tx, envId)
  return { now: timeOf(row, systemNow), target: row.target }
}

/** What time it is in the environment when it is really `systemNow`. */
export async function environmentNow(tx: Tx, envId: number, systemNow: Date): Promise<Date> {
  return timeOf(await selectClock(tx, envId), systemNow)
}

/**
 * Starts moving the clock to `target`. Everything that falls due on the way is done in order, by the
 * workers, at the time when it would have happened; `advanceMovingClocks` takes the steps.
 *
 * Throws `clock.backwards`, `clock.too_far` and, while another move is under way, `clock.moving`.
 */
export async function moveClock(
  tx: Tx,
  envId: number,
  target: Date,
  systemNow: Date,
): Promise<void> {
  const row = await selectClockForUpdate(tx, envId)
  if (row.target) throw failures.moving(row.target)
  const now = timeOf(row, systemNow)
  if (target < now) throw failures.backwards(now)
  if (target.getTime() - now.getTime() > MOVE_MS_MAX) throw failures.tooFar()
  await updateClock(tx, envId, { ...row, frozenAt: now, target })
}

/**
 * Takes one step of every move under way: to the next due piece of work once all earlier ones are
 * done, or to the target when nothing is left. Returns how many clocks are still moving.
 */
export async function advanceMovingClocks(tx: Tx, systemNow: Date): Promise<number> {
  let moving = 0
  for (const row of await lockMovingClocks(tx)) {
    const { frozenAt, target } = row
    if (!frozenAt || !target) continue
    const next = await nextDueAt(tx, row.envId)
    if (!next || next > target) await updateClock(tx, row.envId, arrived(target, systemNow))
    else {
      moving += 1
      if (next > frozenAt) await updateClock(tx, row.envId, { ...row, frozenAt: next })
    }
  }
  return moving
}

function arrived(target: Date, systemNow: Date): Omit<ClockRow, 'envId'> {
  return { offsetMs: target.getTime() - systemNow.getTime(), frozenAt: null, target: null }
}

function timeOf(row: ClockRow, systemNow: Date): Date {
  return row.frozenAt ?? new Date(systemNow.getTime() + row.offsetMs)
}

export const failures = {
  /** The clock of a test environment only moves forward: what was invoiced stays invoiced. */
  backwards: (now: Date) =>
    new Failure(
      'conflict',
      'clock.backwards',
      `The clock stands at ${now.toISOString()} and only moves forward.`,
    ),

  /** One move at a time: the next may start when this one has arrived. */
  moving: (target: Date) =>
    new Failure(
      'conflict',
      'clock.moving',
      `The clock is being moved to ${target.toISOString()}; wait until it arrives.`,
    ),

  tooFar: () =>
    new Failure('invalid', 'clock.too_far', 'Move the clock by at most five years at a time.'),

  /** Live usage is billed by real time. */
  live: () =>
    new Failure(
      'conflict',
      'clock.live',
      'The clock of a live environment cannot be moved; use a test key (uf_test_…).',
    ),
}
