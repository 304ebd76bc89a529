import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, monotonicMs } from '../clock.ts'
import { type Database, isOutage } from '../db/database.ts'
import type { Logger } from '../log.ts'
import { runLoop } from '../loop.ts'
import { claimDue, failDue, selectDueKinds } from './due.store.ts'
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
  /** Looks for work at once instead of at the next look. */
  wake(): void
  /** Claims nothing more and resolves when what is under way is done. */
  stop(): Promise<void>
}

const POLL_MS = 200
const UNTIL_WOKEN_MS = 3_600_000 // the watch wakes whoever has work
const FAILURES_MAX = 12
const RETRY_MS_MAX = 60_000

type LaneDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  /** Called whenever some work has ended. */
  readonly onIdle?: () => void
}

/**
 * Claims and runs the due work of lanes until stopped. One look tells all of them whether there is any, so
 * that a process in which nothing is due asks PostgreSQL five times a second, however many lanes it has.
 * An outage of the database is waited out.
 */
export function runLanes(lanes: readonly Lane[], deps: LaneDeps): LaneRunner {
  const places = lanes.map((lane) => runLane(lane, deps))
  const watch = runLoop(async () => {
    const free = places.filter((place) => place.hasRoom())
    if (free.length === 0) return POLL_MS
    const kinds = free.flatMap((place) => place.kinds)
    const due = new Set(
      await deps.db.inTransaction((tx) => selectDueKinds(tx, kinds, deps.clock())),
    )
    for (const place of free) if (place.kinds.some((kind) => due.has(kind))) place.wake()
    return POLL_MS
  }, deps.log)
  return {
    wake: () => {
      for (const place of places) place.wake()
    },
    async stop() {
      await Promise.all([watch, ...places].map((runner) => runner.stop()))
    },
  }
}

type Place = LaneRunner & {
  readonly kinds: readonly string[]
  hasRoom(): boolean
}

/** Works when woken, for as long as there is something to claim. */
function runLane(lane: Lane, deps: LaneDeps): Place {
  const handlers = new Map(lane.handlers.map((handler) => [handler.kind, handler]))
  const kinds = [...handlers.keys()]
  const underWay = new Set<Promise<void>>()
  let stopping = false
  const hasRoom = () => underWay.size < lane.concurrency

  const claim = (): Promise<Job[]> =>
    deps.db.inTransaction((tx) =>
      claimDue(tx, {
        kinds,
        limit: claimLimit(lane, underWay.size),
        leaseMs: lane.leaseMs,
        systemNow: deps.clock(),
      }),
    )

  const site = { ...deps, handlers, leaseMs: lane.leaseMs, isStopping: () => stopping }
  const start = (batch: readonly Job[]): void => {
    const done: Promise<void> = runBatch(batch, site).finally(() => {
      underWay.delete(done)
      loop.wake()
      deps.onIdle?.()
    })
    underWay.add(done)
  }

  const loop = runLoop(async () => {
    const jobs = hasRoom() ? await claim().catch(logged(deps.log)) : []
    for (const batch of batches(jobs, handlers)) start(batch)
    return jobs.length > 0 ? 0 : UNTIL_WOKEN_MS
  }, deps.log)

  return {
    kinds,
    hasRoom,
    wake: loop.wake,
    async stop() {
      stopping = true
      await loop.stop()
      await Promise.all(underWay)
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
type Site = {
  readonly db: Database
  readonly log: Logger
  readonly handlers: ReadonlyMap<string, DueHandler>
  readonly leaseMs: number
  isStopping(): boolean
}

async function runBatch(batch: readonly Job[], site: Site): Promise<void> {
  const handler = site.handlers.get(batch[0]?.kind ?? '')
  if (!handler) return
  const error = await handler.run(batch).then(() => null, failedWith)
  if (error === null) return
  if (batch.length > 1 && !isOutage(error.cause)) {
    for (const job of batch) await runBatch([job], site)
    return
  }
  for (const job of batch) await giveBack(job, error.cause, site)
}

function failedWith(cause: unknown): { readonly cause: unknown } {
  return { cause }
}

async function giveBack(job: Job, error: unknown, site: Site): Promise<void> {
  const { kind, ref, envId } = job
  if (error instanceof LeaseLost) {
    site.log.warn({ kind, ref }, 'another worker has taken over')
    return
  }
  const counts = !isOutage(error)
  const giveUp = counts && job.failures + 1 >= FAILURES_MAX
  site.log.error({ err: error, kind, ref, envId, giveUp }, 'due work failed')
  const delayMs = Math.min(RETRY_MS_MAX, 200 * 2 ** job.failures)
  await noteFailure(job, { error: String(error), delayMs, counts, giveUp }, site)
}

/** Tries until the database is back: what is not given back rests until its lease ends. */
async function noteFailure(
  job: Job,
  failure: Parameters<typeof failDue>[2],
  { db, log, leaseMs, isStopping }: Site,
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
