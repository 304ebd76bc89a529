import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { startClocks, stopClocks } from '../platform/environment-clock/stopped-clocks.ts'
import type { Logger } from '../platform/log.ts'
import { type Loop, runLoop } from '../platform/loop.ts'
import { eraseSome, selectEnding, selectToErase, updateDeletion } from './deletion.store.ts'
import { selectEnvironments } from './identity.store.ts'
import { lockOrganization } from './members.store.ts'
import { failures } from './session-failures.ts'

const DAY_MS = 24 * 3_600_000
export const GRACE_DAYS = 30
const POLL_MS = 10_000
const ERASED_AT_ONCE = 5_000 // short transactions, whose locks nobody notices

/**
 * Closes an organization at once and plans its erasure. Deleted a second time, it keeps the first time.
 * Throws `organization.name_differs` when `name` is not its own, letter by letter.
 */
export async function deleteOrganization(
  tx: Tx,
  organizationId: string,
  input: { readonly name: string; readonly graceDays: number; readonly systemNow: Date },
): Promise<Date> {
  await lockOrganization(tx, organizationId)
  const ending = await selectEnding(tx, organizationId)
  if (!ending) throw failures.organizationUnknown(organizationId)
  if (input.name !== ending.name) throw failures.nameDiffers()
  if (ending.eraseAt) return ending.eraseAt
  const deletedAt = input.systemNow
  const eraseAt = new Date(deletedAt.getTime() + input.graceDays * DAY_MS)
  await updateDeletion(tx, organizationId, { deletedAt, eraseAt })
  await stopClocks(tx, await envIdsOf(tx, organizationId))
  return eraseAt
}

/**
 * Opens a deleted organization again: what fell due meanwhile is done now. When the grace is over a part of it
 * may be gone, so then it stays closed. Throws `organization.not_deleted` and `organization.deleted`.
 */
export async function restoreOrganization(
  tx: Tx,
  organizationId: string,
  systemNow: Date,
): Promise<void> {
  await lockOrganization(tx, organizationId)
  const ending = await selectEnding(tx, organizationId)
  if (!ending?.eraseAt) throw failures.notDeleted()
  if (ending.eraseAt <= systemNow) throw failures.organizationDeleted(ending.eraseAt)
  await updateDeletion(tx, organizationId, null)
  await startClocks(tx, await envIdsOf(tx, organizationId))
}

/** Erases what was deleted when its grace is over. Any number of processes may run it; each may be killed. */
export function runErasing(deps: { db: Database; clock: Clock; log: Logger }): Loop {
  return runLoop(async () => {
    const systemNow = deps.clock()
    const organizationId = await deps.db.inTransaction((tx) => selectToErase(tx, systemNow))
    if (organizationId === null) return POLL_MS
    const erased = await deps.db.inTransaction((tx) =>
      eraseSome(tx, organizationId, { systemNow, batch: ERASED_AT_ONCE }),
    )
    if (erased === 'organizations') deps.log.info({ organizationId }, 'an organization was erased')
    return erased === null ? POLL_MS : 0
  }, deps.log)
}

async function envIdsOf(tx: Tx, organizationId: string): Promise<number[]> {
  return (await selectEnvironments(tx, organizationId)).map(({ envId }) => envId)
}
