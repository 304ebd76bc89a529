/**
 * Latencies as counts in buckets: counts of several processes and minutes can be added, and every language fills the
 * same ones, since there are only whole numbers in it. Below 64 µs a bucket is one microsecond; above, each doubling
 * has 32 of them, so none is wider than a 32nd of what it holds.
 */

/** Longer is counted as this long: 71 minutes. */
const LATENCY_US_MAX = 2 ** 32 - 1

/** That of `LATENCY_US_MAX`. */
export const LATENCY_BUCKET_MAX = 895

const BUCKETS_PER_DOUBLING = 32

/** In which bucket a latency counts. A part of a microsecond is left away; less than none, as of a clock that was set, is 0. */
export function bucketOf(latencyUs: number): number {
  const us = Math.floor(Math.min(LATENCY_US_MAX, Math.max(0, latencyUs)))
  const shift = Math.max(0, 26 - Math.clz32(us)) // 32 bits less the six that are kept
  return BUCKETS_PER_DOUBLING * shift + (us >>> shift)
}

/** The middle of a bucket in microseconds: at most a 64th beside whatever was counted in it. */
export function middleOf(bucket: number): number {
  if (!Number.isInteger(bucket) || bucket < 0 || bucket > LATENCY_BUCKET_MAX)
    throw new RangeError(`not a bucket from 0 to ${LATENCY_BUCKET_MAX}: ${bucket}`)
  const shift = Math.max(0, Math.floor(bucket / BUCKETS_PER_DOUBLING) - 1)
  const width = 2 ** shift
  return (bucket - BUCKETS_PER_DOUBLING * shift) * width + Math.floor(width / 2)
}

/**
 * The latency in microseconds that `percent` of the counted requests, from 0 to 100, did not exceed. Null without requests.
 * `counts` has by bucket how many there were.
 */
export function quantile(counts: ReadonlyMap<number, number>, percent: number): number | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const rank = Math.max(1, Math.ceil((percent * total) / 100))
  let passed = 0
  for (const [bucket, count] of [...counts].sort(([one], [other]) => one - other)) {
    passed += count
    if (passed >= rank) return middleOf(bucket)
  }
  return null
}
