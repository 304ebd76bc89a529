/** Stops on a state that only a mistake of our own can produce. Bad input is refused earlier, with a RangeError. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${what}`)
}
