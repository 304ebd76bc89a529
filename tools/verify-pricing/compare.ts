import { answerOf, type PricingModule } from './answer.ts'
import type { PricingCase } from './case.ts'
import type { Oracle } from './oracle.ts'
import { randomCase } from './random-case.ts'

const BATCH_CASES = 200
const BATCHES_WAITING = 2 // of each process: one that it works on, one that it can begin with at once

/** A case for which the two implementations answer differently. */
export type Difference = {
  readonly index: number
  readonly given: PricingCase
  readonly ours: string
  readonly theirs: string
}

export type Comparison = {
  readonly pricing: PricingModule
  readonly oracles: readonly Oracle[]
  readonly seed: string
  readonly from: number
  readonly cases: number
  /** Told of every batch that agreed. */
  readonly progress: (cases: number) => void
}

/** The first case in which they differ, or null when they agree in every field of all cases. */
export async function firstDifference(comparison: Comparison): Promise<Difference | null> {
  const { oracles, from, cases, progress } = comparison
  const end = from + cases
  const found: Difference[] = []
  let next = from
  const lane = async (oracle: Oracle): Promise<void> => {
    while (next < end && found.length === 0) {
      const first = next
      next = Math.min(end, first + BATCH_CASES)
      const size = next - first
      const difference = await compareBatch(comparison, oracle, { first, size })
      if (difference) found.push(difference)
      progress(size)
    }
  }
  await Promise.all(
    oracles.flatMap((oracle) => Array.from({ length: BATCHES_WAITING }, () => lane(oracle))),
  )
  found.sort((a, b) => a.index - b.index)
  return found[0] ?? null
}

async function compareBatch(
  { pricing, seed }: Comparison,
  oracle: Oracle,
  { first, size }: { readonly first: number; readonly size: number },
): Promise<Difference | null> {
  const cases = Array.from({ length: size }, (_, index) => randomCase(seed, first + index))
  const asked = oracle.ask(cases.map((given) => JSON.stringify(given)))
  const ours = cases.map((given) => answerOf(pricing, given)) // while the oracle is at it
  const theirs = await asked
  const at = ours.findIndex((answer, index) => answer !== theirs[index])
  const given = cases[at]
  if (given === undefined) return null
  return { index: first + at, given, ours: ours[at] ?? '', theirs: theirs[at] ?? '' }
}
