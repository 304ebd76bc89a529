import { alertWork } from '../credits/due-work.ts'
import { touchedSince } from '../metering/fresh-usage.ts'
import { foldedUpTo } from '../metering/total.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleNoLater } from '../platform/due/schedule.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { lockProgress, selectConcerned, selectCurious, updateProgress } from './progress.store.ts'

/**
 * Has those looked at whose usage was counted since the last time, if anybody wants to know of them. Where it
 * stopped moves in the same transaction: nobody is left out, whatever is killed. One worker at a time does it.
 * Usage where nobody wants to know is passed over unread; whoever sets an alert meanwhile has all looked at.
 */
export async function lookThroughUsage(deps: {
  readonly db: Database
  readonly clock: Clock
}): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    const from = await lockProgress(tx)
    if (from === null) return
    const folded = await foldedUpTo(tx)
    if (folded.position <= from) return
    const envIds = await selectCurious(tx)
    if (envIds.length === 0) return updateProgress(tx, folded.position)
    const { position, touched } = await touchedSince(tx, from, envIds)
    await scheduleLooks(tx, await selectConcerned(tx, envIds, touched), deps.clock())
    await updateProgress(tx, position)
  })
}

async function scheduleLooks(
  tx: Tx,
  concerned: Awaited<ReturnType<typeof selectConcerned>>,
  systemNow: Date,
): Promise<void> {
  const customers = new Map<number, string[]>()
  for (const { envId, customer } of concerned) {
    const names = customers.get(envId)
    if (names) names.push(customer)
    else customers.set(envId, [customer])
  }
  for (const [envId, names] of [...customers].sort(([a], [b]) => a - b)) {
    const now = await environmentNow(tx, envId, systemNow)
    await scheduleNoLater(
      tx,
      envId,
      names.map((customer) => alertWork(customer, now)),
    )
  }
}
