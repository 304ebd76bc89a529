import { monotonicNs } from '../clock.ts'
import { failures } from '../errors.ts'
import { type EventDetails, isKey, type UsageEvent } from '../event.ts'
import { roundedMs, type TimeUnit, timeAmount } from './quantities.ts'
import { eventOf, nameOf, type Tracker, trackMade } from './tracking.ts'

/** `unit` is what the amount is counted in. Default: seconds. */
export type TimeDetails = EventDetails & { readonly unit?: TimeUnit | undefined }

/** `jobId` is your own name of the job, the same however often it runs. */
export type JobDetails = EventDetails & { readonly jobId: string | number | bigint }

/** A piece of work that has ended. */
export type Ended = { readonly status: 'succeeded' | 'failed'; readonly ns: bigint }

/** The event of a piece of work: how long it took. */
export function timeEvent(details: TimeDetails, { status, ns }: Ended): UsageEvent {
  const { unit = 's', ...rest } = details
  return eventOf(rest, { amount: timeAmount(ns, unit), metadata: { status } })
}

/** The event of a run of a job: 1, once for each job and status. */
export function jobEvent(details: JobDetails, { status, ns }: Ended): UsageEvent {
  const { jobId, ...rest } = details
  const key = `${nameOf(rest)}:${jobId}:${status}`
  if (!isJobId(jobId) || !isKey(key))
    throw failures.invalid(
      'jobId',
      'must be a whole number, or printable ASCII that is with the name and the status at most 255 characters',
    )
  return eventOf(rest, {
    amount: '1',
    metadata: { status, durationMs: roundedMs(ns) },
    idempotencyKey: key,
  })
}

/** Does the work and tracks how long it took, by a clock that nobody sets. Returns or throws what the work does. */
export function trackTime<T>(
  client: Tracker,
  details: TimeDetails,
  work: () => T | PromiseLike<T>,
): Promise<T> {
  return timed(work, (ended) => trackMade(client, () => timeEvent(details, ended)))
}

/**
 * Runs a job and tracks the run with its status and duration. A job that is run again counts once for each
 * status: bill those that succeeded. Returns or throws what the work does.
 */
export function trackJob<T>(
  client: Tracker,
  details: JobDetails,
  work: () => T | PromiseLike<T>,
): Promise<T> {
  return timed(work, (ended) => trackMade(client, () => jobEvent(details, ended)))
}

function isJobId(jobId: unknown): boolean {
  if (typeof jobId === 'string') return jobId !== ''
  return typeof jobId === 'bigint' || Number.isSafeInteger(jobId)
}

async function timed<T>(work: () => T | PromiseLike<T>, end: (ended: Ended) => void): Promise<T> {
  const startNs = monotonicNs()
  let status: Ended['status'] = 'failed'
  try {
    const result = await work()
    status = 'succeeded'
    return result
  } finally {
    end({ status, ns: monotonicNs() - startNs })
  }
}
