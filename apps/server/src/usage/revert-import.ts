import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { schedule } from '../platform/due/schedule.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import { voidEventsOfImport } from './corrections.store.ts'
import { failures } from './failures.ts'
import { type Import, selectImport, updateReverted } from './imports.store.ts'

export const REVERT_KIND = 'usage.revert_import'

const EVENTS_AT_ONCE = 20_000 // about a second: each correction is checked against its event
const LOOK_AGAIN_MS = 10_000 // longer than an event that was admitted before the revert may be on its way

/**
 * Takes an import back: it admits no more events, and those it brought are void. The first many are when
 * this returns; the rest, and what was on its way meanwhile, follow as due work. Reverting again changes
 * nothing. Throws `usage.import_not_found`.
 */
export async function revertImport(tx: Tx, envId: number, id: string, now: Date): Promise<Import> {
  const reverted = await updateReverted(tx, envId, id, now)
  if (!reverted) throw failures.importNotFound(id)
  const isWhole = (await voidSome(tx, envId, reverted, now)) < EVENTS_AT_ONCE
  const at = isWhole ? new Date(now.getTime() + LOOK_AGAIN_MS) : now
  await schedule(tx, envId, { kind: REVERT_KIND, ref: id, at })
  return reverted
}

/** The due work of usage. */
export function usageHandlers(deps: { readonly db: Database }): DueHandler[] {
  return [
    {
      kind: REVERT_KIND,
      batchMax: 1,
      run: async (jobs) => {
        for (const job of jobs) await deps.db.inTransaction((tx) => goOn(tx, job))
      },
    },
  ]
}

/** Voids some more; done when nothing was left, some time after the import was closed. */
async function goOn(tx: Tx, job: Job): Promise<void> {
  const { envId, ref, now } = job
  const reverted = await selectImport(tx, envId, ref)
  const voided = reverted ? await voidSome(tx, envId, reverted, now) : 0
  if (voided === EVENTS_AT_ONCE) await postpone(tx, job, now)
  else if (voided > 0) await postpone(tx, job, new Date(now.getTime() + LOOK_AGAIN_MS))
  else await finish(tx, [job])
}

function voidSome(tx: Tx, envId: number, reverted: Import, now: Date): Promise<number> {
  const { importNo, from, to, id } = reverted
  return voidEventsOfImport(tx, envId, {
    importNo,
    from,
    to,
    reason: `import ${id} was reverted`,
    createdAt: now,
    limit: EVENTS_AT_ONCE,
  })
}
