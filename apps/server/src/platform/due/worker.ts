import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, monotonicMs } from '../clock.ts'
import { type Database, isOutage } from '../db/database.ts'
import type { Logger } from '../log.ts'
import { claimDue, failDue } from './due.store.ts'
import { type Job, LeaseLost } from './job.ts'

/** Does one kind of due work. It calls `finish` or `postpone` in the transaction of what it does. */
export type DueHandler = {
  readonly kind: string
  /** How many pieces of one environment are handed over together. */
  readonly batchMax: number
  /** Does them all or, by throwing, none: then each is tried alone, so that one cannot stop the others. */
  run(jobs: readonly Job[]): Promise<void>
}

/** Kinds of work that share places, apart from those of other lanes: slow work never starves fast work. */
export type Lane = {
  readonly name: string
  readonly handlers: readonly DueHandler[]
  /** How many batches run at once. */
  readonly concurrency: number
  readonly leaseMs: number
}

export type LaneRunner = {
  /** Looks for work at once instead of at the next poll. */
  wake(): void
  /** Claims nothing more and resolves when what is under way is done. */
  stop(): Promise<void>
}

const POLL_MS = 200
const FAILURES_MAX = 12
const RETRY_MS_MAX = 60_000

/** Claims and runs the due work of a lane until stopped. An outage of the database is waited out. */
export function runLane(
  lane: Lane,
  deps: { db: Database; clock: Clock; log: Logger; onIdle?: () => void },
): LaneRunner {
  const handlers = new Map(lane.handlers.map((handler) => [handler.kind, handler]))
  const underWay = new Set<Promise<void>>()
  let stopping = false
  let wakeUp: () => void = () => {}

  const claim = (): Promise<Job[]> =>
    deps.db.inTransaction((tx) =>
      claimDue(tx, {
        kinds: [...handlers.keys()],
        limit: claimLimit(lane, underWay.size),
        leaseMs: lane.leaseMs,
        systemNow: deps.clock(),
      }),
    )

  const place = { ...deps, handlers, leaseMs: lane.leaseMs, isStopping: () => stopping }
  const start = (batch: readonly Job[]): void => {
    const done: Promise<void> = runBatch(batch, place).finally(() => {
      underWay.delete(done)
      wakeUp()
      deps.onIdle?.()
    })
    underWay.add(done)
  }

  const loop = (async () => {
    while (!stopping) {
      const jobs = underWay.size < lane.concurrency ? await claim().catch(logged(deps.log)) : []
      for (const batch of batches(jobs, handlers)) start(batch)
      if (jobs.length === 0 && !stopping) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, POLL_MS)
          wakeUp = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    }
    await Promise.all(underWay)
  })()

  return {
    wake: () => wakeUp(),
    stop: () => {
      stopping = true
      wakeUp()
      return loop
    },
  }
}

function claimLimit(lane: Lane, busy: number): number {
  const batchMax = Math.max(...lane.handlers.map((handler) => handler.batchMax))
  return Math.max(1, lane.concurrency - busy) * batchMax
}

/** Work of one environment and kind goes together, in pieces of at most the handler's `batchMax`. */
function batches(jobs: readonly Job[], handlers: ReadonlyMap<string, DueHandler>): Job[][] {
  const open = new Map<string, Job[]>()
  const all: Job[][] = []
  for (const job of jobs) {
    const name = `${job.envId} ${job.kind} ${job.now.getTime()}`
    const batchMax = handlers.get(job.kind)?.batchMax ?? 1
    let batch = open.get(name)
    if (!batch || batch.length >= batchMax) {
      batch = []
      open.set(name, batch)
      all.push(batch)
    }
    batch.push(job)
  }
  return all
}

/** What doing a piece of work needs besides the work. */
type Place = {
  readonly db: Database
  readonly log: Logger
  readonly handlers: ReadonlyMap<string, DueHandler>
  readonly leaseMs: number
  isStopping(): boolean
}

async function runBatch(batch: readonly Job[], place: Place): Promise<void> {
  const handler = place.handlers.get(batch[0]?.kind ?? '')
  if (!handler) return
  const error = await handler.run(batch).then(() => null, failedWith)
  if (error === null) return
  if (batch.length > 1 && !isOutage(error.cause)) {
    for (const job of batch) await runBatch([job], place)
    return
  }
  for (const job of batch) await giveBack(job, error.cause, place)
}

function failedWith(cause: unknown): { readonly cause: unknown } {
  return { cause }
}

async function giveBack(job: Job, error: unknown, place: Place): Promise<void> {
  const { kind, ref, envId } = job
  if (error instanceof LeaseLost) {
    place.log.warn({ kind, ref }, 'another worker has taken over')
    return
  }
  const counts = !isOutage(error)
  const giveUp = counts && job.failures + 1 >= FAILURES_MAX
  place.log.error({ err: error, kind, ref, envId, giveUp }, 'due work failed')
  const delayMs = Math.min(RETRY_MS_MAX, 200 * 2 ** job.failures)
  await noteFailure(job, { error: String(error), delayMs, counts, giveUp }, place)
}

/** Tries until the database is back: what is not given back rests until its lease ends. */
async function noteFailure(
  job: Job,
  failure: Parameters<typeof failDue>[2],
  { db, log, leaseMs, isStopping }: Place,
): Promise<void> {
  const leaseEndsMs = monotonicMs() + leaseMs
  const note = () =>
    db.inTransaction((tx) => failDue(tx, job, failure)).then(() => null, failedWith)
  for (let failed = await note(); failed !== null; failed = await note()) {
    logged(log)(failed.cause)
    if (!isOutage(failed.cause) || isStopping() || monotonicMs() > leaseEndsMs) return
    await sleep(POLL_MS)
  }
}

/** For the loop: an error is logged, and the lease or the next poll brings the work back. */
function logged(log: Logger): (error: unknown) => never[] {
  return (error) => {
    log.warn({ err: error }, 'could not reach the due work')
    return []
  }
}
