import { foldedUpTo } from './metering/total.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/database.ts'
import type { HealthChecks } from './platform/http/server.ts'
import type { EventWriter } from './usage/batcher.ts'

const ANSWER_MS_MAX = 1_000 // whoever asks more often than this is told what was found last

type Answer = Awaited<ReturnType<HealthChecks['ready']>>

/**
 * Whether requests should be sent here: not when the database is away, nor once stopping has begun.
 * Lag of the roll-up is told and does not count: events are safe, and another worker may be at it.
 */
export function readiness(deps: {
  db: Database
  clock: Clock
  writer: EventWriter | null
}): HealthChecks & { stop(): void } {
  let isStopping = false
  let last: { readonly answer: Promise<Answer>; readonly atMs: number } | undefined

  const ask = async (): Promise<Answer> => {
    try {
      const { asOf, lagSeconds } = await deps.db.inTransaction(foldedUpTo)
      const canStore = deps.writer === null || deps.writer.stats().connections > 0
      const details = { usageAsOf: asOf.toISOString(), usageLagSeconds: lagSeconds }
      return canStore
        ? { ready: true, details }
        : {
            ready: false,
            details: { ...details, reason: 'events cannot be stored: connecting to the database' },
          }
    } catch {
      return { ready: false, details: { reason: 'the database is away' } }
    }
  }

  return {
    stop: () => {
      isStopping = true
    },
    async ready() {
      if (isStopping) return { ready: false, details: { reason: 'stopping' } }
      const nowMs = deps.clock().getTime()
      if (!last || Math.abs(nowMs - last.atMs) >= ANSWER_MS_MAX)
        last = { answer: ask(), atMs: nowMs }
      return last.answer
    },
  }
}
