import type { Logger } from '../platform/log.ts'
import { runLoop } from '../platform/loop.ts'
import type { RollUpDeps } from './roll-up.ts'
import { type RollUpStats, rollUpSteps } from './roll-up-steps.ts'

export type RollUpRunner = {
  /** Looks for work at once instead of at the next poll. */
  wake(): void
  /** Begins nothing more and resolves when what is under way is done. */
  stop(): Promise<void>
  stats(): RollUpStats
}

/**
 * Keeps buckets, index and back-fill up with the events until stopped. Any number of processes may do so
 * at once: each turn belongs to the one that holds the cursor. What fails is logged and tried again.
 */
export function runRollUp(deps: RollUpDeps & { readonly log: Logger }): RollUpRunner {
  const steps = rollUpSteps(deps)
  const loop = runLoop(steps.step, deps.log)
  return {
    wake: () => {
      steps.hurry()
      loop.wake()
    },
    stop: loop.stop,
    stats: steps.stats,
  }
}
