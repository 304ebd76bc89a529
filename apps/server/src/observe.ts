import { metersBehind } from './catalog/back-fill.ts'
import type { RollUpRunner } from './metering/run-roll-up.ts'
import { foldedUpTo } from './metering/total.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/database.ts'
import { selectBacklog } from './platform/due/due.store.ts'
import type { Metrics } from './platform/metrics.ts'
import type { EventWriter } from './usage/batcher.ts'

type Observed = {
  readonly db: Database
  readonly clock: Clock
  readonly writer: EventWriter | null
  readonly rollUp: RollUpRunner | null
}

/** Everything an operator can see at `/metrics`. No figure names a tenant. */
export function observe(metrics: Metrics, { db, clock, writer, rollUp }: Observed): void {
  if (writer) observeIngest(metrics, writer)
  if (rollUp) observeRollUp(metrics, rollUp)
  metrics.gauge(
    'usageflow_roll_up_lag_seconds',
    'Age of the oldest event that may not be counted yet',
    [],
    async (set) => {
      const { lagSeconds } = await db.inTransaction(foldedUpTo)
      set(lagSeconds)
    },
  )
  metrics.gauge(
    'usageflow_meters_counting_back',
    'Meters that still count events older than themselves; invoices wait for them',
    [],
    async (set) => set(await db.inTransaction(metersBehind)),
  )
  const backlog = (
    name: string,
    help: string,
    figure: 'waiting' | 'parked' | 'oldestSeconds',
  ): void =>
    metrics.gauge(name, help, ['kind'], async (set) => {
      for (const row of await db.inTransaction((tx) => selectBacklog(tx, clock())))
        set(row[figure], { kind: row.kind })
    })
  backlog('usageflow_due_waiting', 'Overdue work, by kind', 'waiting')
  backlog(
    'usageflow_due_parked',
    'Work that was given up and waits for a person, by kind',
    'parked',
  )
  backlog(
    'usageflow_due_oldest_seconds',
    'How long the oldest work is overdue, by kind',
    'oldestSeconds',
  )
  metrics.gauge(
    'usageflow_database_connections',
    'Connections of the pool, by state',
    ['state'],
    (set) => {
      set(db.pool.totalCount - db.pool.idleCount, { state: 'busy' })
      set(db.pool.idleCount, { state: 'idle' })
      set(db.pool.waitingCount, { state: 'wanted' })
    },
  )
}

function observeIngest(metrics: Metrics, writer: EventWriter): void {
  metrics.gauge('usageflow_events_total', 'Events by what became of them', ['outcome'], (set) => {
    for (const [outcome, count] of Object.entries(writer.stats().outcomes)) set(count, { outcome })
  })
  metrics.gauge('usageflow_events_in_flight', 'Events that wait for their commit', [], (set) =>
    set(writer.stats().inFlightEvents),
  )
  metrics.gauge('usageflow_ingest_batches_total', 'Batches written', [], (set) =>
    set(writer.stats().batches),
  )
  metrics.gauge('usageflow_ingest_collisions_total', 'Batches that met a stored key', [], (set) =>
    set(writer.stats().collisions),
  )
  metrics.gauge('usageflow_ingest_connections', 'Connections that write events', [], (set) =>
    set(writer.stats().connections),
  )
}

function observeRollUp(metrics: Metrics, rollUp: RollUpRunner): void {
  metrics.gauge('usageflow_roll_up_events_total', 'Events folded by this process', [], (set) =>
    set(rollUp.stats().events),
  )
  metrics.gauge(
    'usageflow_roll_up_turn_seconds',
    'How long the last turn of the roll-up took',
    [],
    (set) => set(rollUp.stats().lastTurnMs / 1_000),
  )
}
