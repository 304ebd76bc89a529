/** Lets work through a limited number of places, in the order in which it came. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** `places` run at once and up to `waitingMax` wait; whoever comes then is turned away with `refusal()`. */
export function createGate(places: number, waitingMax: number, refusal: () => Error): Gate {
  let free = places
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else if (waiting.length >= waitingMax) throw refusal()
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
