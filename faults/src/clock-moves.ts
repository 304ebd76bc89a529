import type { World } from './world.ts'

const DAY_MS = 86_400_000
const MOVE_DAYS = 8

/** Moves the clocks of all test environments on, so that periods end while there is trouble. */
export type ClockMoves = {
  /** Starts the next move of every clock that has arrived. */
  goOn(): void
  /** Resolves when all have arrived. Rejects with the first that did not. */
  finish(): Promise<void>
}

export function moveClocks(world: World): ClockMoves {
  const underWay = new Map<string, Promise<void>>()
  const failed: unknown[] = []
  return {
    goOn() {
      for (const { name, movable } of world.environments) {
        if (!movable || underWay.has(name)) continue
        const move = movable
          .move(MOVE_DAYS * DAY_MS)
          .catch((error) => void failed.push(error))
          .finally(() => underWay.delete(name))
        underWay.set(name, move)
      }
    },
    async finish() {
      await Promise.all(underWay.values())
      if (failed.length > 0) throw failed[0]
    },
  }
}
