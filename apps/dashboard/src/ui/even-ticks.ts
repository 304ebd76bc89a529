const TICKS_MAX = 5
const STEPS = [1, 2, 5, 10]

/**
 * Where the lines of an axis from 0 are drawn: whole even steps like 100, 200, 500, the last one at `most` or
 * above it. Values below 1 are even in their own digits.
 */
export function evenTicks(most: number): readonly number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1]
  const rough = most / (TICKS_MAX - 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((each) => each * power >= rough * (1 - 1e-9)) ?? 10)
  const count = Math.ceil(most / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}
