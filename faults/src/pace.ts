import { setTimeout as sleep } from 'node:timers/promises'

/**
 * How fast the clients may send: at a trickle, with a budget on top that they spend as fast as the
 * server takes it. Bursts around each kill put many requests in flight without endless events.
 */
export type Pace = {
  /** Waits until `events` more may be sent. */
  take(events: number): Promise<void>
  /** Allows that many at once, beyond the trickle. */
  burst(events: number): void
  /** Lets nobody wait any longer. */
  release(): void
}

const LOOK_MS = 5

export function newPace(trickleEventsPerSecond: number): Pace {
  let budget = 0
  let refilledAt = performance.now()
  let isReleased = false
  const refill = () => {
    const now = performance.now()
    const trickle = ((now - refilledAt) / 1000) * trickleEventsPerSecond
    // An hour of silence must not become a burst of its own.
    budget += Math.min(trickle, trickleEventsPerSecond)
    refilledAt = now
  }
  return {
    async take(events) {
      for (refill(); budget < events && !isReleased; refill()) await sleep(LOOK_MS)
      budget -= events
    },
    burst(events) {
      budget += events
    },
    release() {
      isReleased = true
    },
  }
}
