import { useSyncExternalStore } from 'react'

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

/** The reader's time, moving on every ten seconds: one timer for everything that shows an age. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => nowMs))
}

/** The reader's time at this moment, for what is sent and not shown. */
export function readNow(): Date {
  return new Date()
}
