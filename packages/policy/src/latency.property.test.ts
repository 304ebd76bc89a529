import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketOf, LATENCY_BUCKET_MAX, middleOf, quantile } from './index.ts'

const RUNS = { numRuns: 2_000 }

const latencyUs = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
)

function counted(latenciesUs: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const bucket of latenciesUs.map(bucketOf)) counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  return counts
}

test('a bucket is wrong by a 64th at most', () => {
  fc.assert(
    fc.property(latencyUs, (us) => {
      expect(Math.abs(middleOf(bucketOf(us)) - us) * 64).toBeLessThanOrEqual(us)
    }),
    RUNS,
  )
})

test('a longer latency is never in a lower bucket, and no bucket is left out', () => {
  fc.assert(
    fc.property(latencyUs, latencyUs, (one, other) => {
      const [shorter, longer] = [Math.min(one, other), Math.max(one, other)]
      expect(bucketOf(shorter)).toBeLessThanOrEqual(bucketOf(longer))
    }),
    RUNS,
  )
  for (let bucket = 0; bucket <= LATENCY_BUCKET_MAX; bucket += 1)
    expect(bucketOf(middleOf(bucket))).toBe(bucket)
  expect(bucketOf(Infinity)).toBe(LATENCY_BUCKET_MAX)
})

test('a quantile is that of the latencies themselves, within a 64th', () => {
  fc.assert(
    fc.property(
      fc.array(latencyUs, { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 0, max: 100 }),
      (latenciesUs, percent) => {
        const sorted = latenciesUs.toSorted((one, other) => one - other)
        const exact = sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1] as number
        const told = quantile(counted(latenciesUs), percent) as number
        expect(Math.abs(told - exact) * 64).toBeLessThanOrEqual(exact)
      },
    ),
    RUNS,
  )
})

test('nothing that was counted has no quantile', () => {
  expect(quantile(new Map(), 50)).toBeNull()
})

test.each([-1, LATENCY_BUCKET_MAX + 1, 1.5, Number.NaN])('%s is no bucket', (bucket) => {
  expect(() => middleOf(bucket)).toThrow(RangeError)
})
