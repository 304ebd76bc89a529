/** Tells the real time. Everything below `main.ts` is given one and never asks the machine itself. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** Milliseconds that only ever grow, for deadlines: no correction of the machine's time reaches it. */
export type Stopwatch = () => number

export const monotonicMs: Stopwatch = () => performance.now()
