/** What time it is, for what is billed. */
export const systemClock = (): Date => new Date()

/** Milliseconds that only ever grow, for deadlines: no correction of the machine's time reaches it. */
export const monotonicMs = (): number => performance.now()

/** The same in whole nanoseconds, for how long something took. */
export const monotonicNs = (): bigint => BigInt(Math.round(performance.now() * 1e6))

/** From 0 to 1, so that not all clients of a server that was away come back at once. */
export const chance = (): number => Math.random() // tidy: chance — only a time to wait hangs on it

/** A key that no other event has. */
export const newKey = (): string => crypto.randomUUID() // tidy: chance — made once for each event

/** A timer for which no process stays alive. Returns what calls it off. */
export function quietTimer(work: () => void, ms: number): () => void {
  const timer: unknown = setTimeout(work, ms)
  // Elsewhere than in Node a timer is a number.
  if (typeof timer === 'object') (timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0])
}

/** Waits; the process stays alive for it. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits for `work` at most that long; the process stays alive for it. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, deadline])
  clearTimeout(timer)
}
