const waiting = new Set<() => void>()
let isListening = false

/** Calls `flush` when nothing else is left to do in the process, until `leaveExit`. */
export function joinExit(flush: () => void): void {
  waiting.add(flush)
  if (isListening || typeof process === 'undefined') return
  isListening = true
  process.on?.('beforeExit', () => {
    for (const flush of waiting) flush()
  })
}

export function leaveExit(flush: () => void): void {
  waiting.delete(flush)
}
