import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Logger } from '../log.ts'
import { type Loop, runLoop } from '../loop.ts'
import { advanceMovingClocks } from './environment-clock.ts'

const STILL_PAUSE_MS = 200
const MOVING_PAUSE_MS = 20

/** Moves every clock that is on its way, step by step. `onStep` runs after each: there may be work due now. */
export function runClocks(deps: { db: Database; clock: Clock; log: Logger; onStep(): void }): Loop {
  return runLoop(async () => {
    const moving = await deps.db.inTransaction((tx) => advanceMovingClocks(tx, deps.clock()))
    if (moving > 0) deps.onStep()
    return moving > 0 ? MOVING_PAUSE_MS : STILL_PAUSE_MS
  }, deps.log)
}
