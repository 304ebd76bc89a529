import { setTimeout as sleep } from 'node:timers/promises'
import type { RollUpSteps } from '../../apps/server/src/metering/roll-up-steps.ts'
import { lanes } from '../../apps/server/src/pipeline.ts'
import { type Database, isOutage } from '../../apps/server/src/platform/db/database.ts'
import { claimDue } from '../../apps/server/src/platform/due/due.store.ts'
import { type Job, LeaseLost } from '../../apps/server/src/platform/due/job.ts'
import type { DueHandler } from '../../apps/server/src/platform/due/worker.ts'
import { silentLog } from '../../apps/server/src/platform/log.ts'
import { createSealer } from '../../apps/server/src/platform/secrets/seal.ts'
import { createStripeApi } from '../../apps/server/src/stripe/stripe-api.ts'
import type { Random } from '../../faults/src/random.ts'
import { Crash } from './crashes.ts'

/** What happened to the schedulers. */
export type SchedulerCounts = {
  /** Pieces of work that were done. */
  done: number
  crashes: number
  /** Batches that another scheduler had taken over: nothing of them may remain. */
  leasesLost: number
  /** Lost races that PostgreSQL ended, like deadlocks; tried again. */
  outages: number
}

export type Place = {
  /** For the work: it dies now and then. */
  readonly db: Database
  /** For the harness. */
  readonly soundDb: Database
  readonly random: Random
  readonly counts: SchedulerCounts
  readonly clock: () => Date
}

const CLAIM_LIMIT = 1_000 // all that there is, mostly,
const CLAIM_LIMIT_SMALL = 20 // or some of it, so that the rest goes to the other one
const SMALL_CLAIMS = 0.2
const AT_ONCE = 2 // batches that a scheduler has under way, as in the lane of billing
const LEASE_MS = 60_000
const ZOMBIES = 0.05 // so often a worker stands still until another has taken over, and goes on then
const PAUSE_MS = 5
const LOOKS_MAX = 24_000 // two minutes of looking in vain, however often the machine stands still meanwhile

/** The work of the pipeline by kind, on a database that may fail. */
function handlersOf({ db, clock, random }: Place): ReadonlyMap<string, DueHandler> {
  const sealer = createSealer(Buffer.alloc(32))
  const deps = { db, clock, log: silentLog(), sealer, allowedNetworks: [], random: random.next }
  const stripe = { api: createStripeApi(null), returnUrl: () => 'http://localhost' } // never called
  return new Map(
    lanes({ ...deps, ...stripe }).flatMap(({ handlers }) =>
      handlers.map((handler) => [handler.kind, handler] as const),
    ),
  )
}

/**
 * Does what is due, as one of several schedulers, until nothing is left. Throws what a handler throws for
 * no reason that this program has made.
 */
export async function runScheduler(place: Place): Promise<void> {
  const handlers = handlersOf(place)
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const jobs = await claim(place, [...handlers.keys()])
    if (jobs.length === 0 && (await isNothingDue(place))) return
    if (jobs.length === 0) await sleep(PAUSE_MS) // the other one has it, or it waits for the roll-up
    const left = batchesOf(jobs, handlers)
    const worker = async () => {
      for (let batch = left.shift(); batch; batch = left.shift())
        await runBatch(batch, handlers, place)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }
  throw new Error(`what is due at ${place.clock().toISOString()} is never done`)
}

/** The worker that counts events: it looks around once, and may die at it. */
export async function runCounting(counting: RollUpSteps, counts: SchedulerCounts): Promise<void> {
  counting.hurry()
  try {
    await counting.step()
  } catch (error) {
    if (error instanceof Crash) counts.crashes += 1
    else if (isOutage(error)) counts.outages += 1
    else throw error
  }
}

function claim({ soundDb, clock, random }: Place, kinds: readonly string[]): Promise<Job[]> {
  const limit = random.chance(SMALL_CLAIMS) ? CLAIM_LIMIT_SMALL : CLAIM_LIMIT
  return soundDb.inTransaction((tx) =>
    claimDue(tx, { kinds, limit, leaseMs: LEASE_MS, systemNow: clock() }),
  )
}

async function isNothingDue({ soundDb, clock }: Place): Promise<boolean> {
  const { rowCount } = await soundDb.pool.query(
    'select from due where at <= $1 and parked_at is null limit 1',
    [clock()],
  )
  return rowCount === 0
}

function batchesOf(jobs: readonly Job[], handlers: ReadonlyMap<string, DueHandler>): Job[][] {
  const byName = new Map<string, Job[]>()
  for (const job of jobs) {
    const name = `${job.envId} ${job.kind}`
    byName.set(name, [...(byName.get(name) ?? []), job])
  }
  return [...byName.values()].flatMap((all) => {
    const size = handlers.get(all[0]?.kind ?? '')?.batchMax ?? 1
    return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
      all.slice(index * size, (index + 1) * size),
    )
  })
}

async function runBatch(
  batch: readonly Job[],
  handlers: ReadonlyMap<string, DueHandler>,
  place: Place,
): Promise<void> {
  const { counts, random } = place
  if (random.chance(ZOMBIES)) {
    await endLease(batch, place)
    await sleep(random.between(0, 30))
  }
  try {
    await handlers.get(batch[0]?.kind ?? '')?.run(batch)
    counts.done += batch.length
  } catch (error) {
    if (error instanceof Crash) counts.crashes += 1
    else if (error instanceof LeaseLost) counts.leasesLost += 1
    else if (isOutage(error)) counts.outages += 1
    else throw error
    await endLease(batch, place)
  }
}

/** As if so much time had gone by that everybody takes us for dead. */
async function endLease(batch: readonly Job[], { soundDb }: Place): Promise<void> {
  await soundDb.pool.query(
    `update due d set lease_until = now() - interval '1 second'
     from unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) as j (env_id, kind, ref, fence)
     where d.env_id = j.env_id and d.kind = j.kind and d.ref = j.ref and d.fence = j.fence`,
    [
      batch.map(({ envId }) => envId),
      batch.map(({ kind }) => kind),
      batch.map(({ ref }) => ref),
      batch.map(({ fence }) => fence),
    ],
  )
}
