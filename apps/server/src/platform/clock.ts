/** Tells the real time. Everything below `main.ts` is given one and never asks the machine itself. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()
