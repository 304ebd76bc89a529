import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './world.ts'

const DAY_MS = 86_400_000
const MOVE_DAYS = 8
const ARRIVE_MS_MAX = 120_000 // the leases of what was killed last must end first

/** Moves the clocks of all test environments on, so that periods end while there is trouble. */
export type ClockMoves = {
  /** Starts the next move of every clock that has arrived. */
  goOn(): void
  /** Resolves when all have arrived, or after two minutes, to the environments whose clock has not. */
  finish(): Promise<string[]>
}

export function moveClocks(world: World): ClockMoves {
  const underWay = new Map<string, Promise<void>>()
  const failed: string[] = []
  return {
    goOn() {
      for (const { name, movable } of world.environments) {
        if (!movable || underWay.has(name)) continue
        const move = movable
          .move(MOVE_DAYS * DAY_MS)
          .catch((error) => void failed.push(`${name}: ${String(error)}`))
          .finally(() => underWay.delete(name))
        underWay.set(name, move)
      }
    },
    async finish() {
      await Promise.race([
        Promise.all(underWay.values()),
        sleep(ARRIVE_MS_MAX, undefined, { ref: false }),
      ])
      return [...failed, ...underWay.keys()]
    },
  }
}
