/** Lets work through a limited number of places, in the order in which it came. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** When those who wait are turned away, and with what. */
export type GateLimit = { readonly waitingMax: number; refusal(): Error }

/** `places` run at once; the others wait, unless `limit` says that as many wait already as may. */
export function createGate(places: number, limit?: GateLimit): Gate {
  let free = places
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else if (limit && waiting.length >= limit.waitingMax) throw limit.refusal()
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
