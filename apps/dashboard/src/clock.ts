import { createContext, useContext, useSyncExternalStore } from 'react'

const TICK_MS = 10_000

const listeners = new Set<() => void>()
let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

/** How far the clock that ages are reckoned by is ahead of the reader's, which a test environment's may be. */
export const ClockAhead = createContext(0)

/** The time that ages are reckoned by, moving on every ten seconds: one timer for all of them. */
export function useNow(): Date {
  const aheadMs = useContext(ClockAhead)
  return new Date(useSyncExternalStore(subscribe, () => nowMs) + aheadMs)
}

/** The reader's time at this moment, for what is sent and not shown. */
export function readNow(): Date {
  return new Date()
}
