import type { Finding } from '../report.ts'

/** `opening`: the server fails, and it may be waited for. `open`: nobody waits for it any longer. */
export type Phase = 'warming' | 'well' | 'opening' | 'open'

type Sample = { readonly phase: Phase; readonly tookMs: number }

/** Of the host with us, and of the one without at the same moments. */
export type Latencies = { readonly covered: Sample[]; readonly bare: Sample[] }

const DEADLINE_MS = 50 // of all policies here
const WELL_MS_MAX = 5
/** How much a package may add to the 99th percentile of a host's answers. */
const ADDED_MS_MAX = {
  well: WELL_MS_MAX,
  opening: DEADLINE_MS + WELL_MS_MAX,
  open: 1,
} as const satisfies Partial<Record<Phase, number>>
const SAMPLES_MIN = 100 // of the host without us: with less there is no 99th percentile

const SAID = {
  well: 'p99 added while all is well',
  opening: 'p99 added while it is waited for',
  open: 'p99 added once nobody waits',
} as const

export function addedFindings(latencies: Latencies, name: (what: string) => string): Finding[] {
  return (['well', 'opening', 'open'] as const).flatMap((phase) => {
    const of = (samples: readonly Sample[]) =>
      samples.filter((sample) => sample.phase === phase).map(({ tookMs }) => tookMs)
    const [covered, bare] = [of(latencies.covered), of(latencies.bare)]
    if (bare.length < SAMPLES_MIN) return []
    const [with_, without] = [p99(covered), p99(bare)]
    const addedMs = with_ - without
    const limitMs = ADDED_MS_MAX[phase]
    return {
      name: name(SAID[phase]),
      said: `${addedMs.toFixed(1)} ms (limit ${limitMs}): ${with_.toFixed(1)}, without us ${without.toFixed(1)}`,
      holds: addedMs <= limitMs,
      isTiming: true,
      examples: [],
    }
  })
}

/** The latency that all but one in a hundred stayed below. */
function p99(tookMs: readonly number[]): number {
  const sorted = Float64Array.from(tookMs).sort()
  return sorted[Math.floor(0.99 * (sorted.length - 1))] ?? Number.NaN
}
