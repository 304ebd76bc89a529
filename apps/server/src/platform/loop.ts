import type { Logger } from './log.ts'

/** Work that is looked after again and again in the background. */
export type Loop = {
  /** Looks at once instead of after the pause. */
  wake(): void
  /** Resolves when the turn under way has ended; none follows. */
  stop(): Promise<void>
}

/**
 * Calls `turn` until stopped. It returns how long to pause before the next turn, in ms: 0 while there
 * is more to do. A turn that throws is logged and followed by a pause of a second.
 */
export function runLoop(turn: () => Promise<number>, log: Logger): Loop {
  let stopping = false
  let isWoken = false
  let wakeUp: () => void = () => {}

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const running = (async () => {
    await null // the first turn may use the loop that is being returned
    while (!stopping) {
      isWoken = false
      const pauseMs = await turn().catch((error: unknown) => {
        log.warn({ err: error }, 'a turn in the background failed')
        return FAILED_PAUSE_MS
      })
      if (!stopping && !isWoken && pauseMs > 0) await pause(pauseMs)
    }
  })()

  return {
    wake: () => {
      isWoken = true // also when a turn is under way: what it looked at may have changed since
      wakeUp()
    },
    stop: () => {
      stopping = true
      wakeUp()
      return running
    },
  }
}

const FAILED_PAUSE_MS = 1_000
