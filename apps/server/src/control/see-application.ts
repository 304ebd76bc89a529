import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import type { Application } from './application.ts'
import { insertApplication, selectApplication, updateLastSeen } from './applications.store.ts'

const SEEN_MS = 60_000 // what is seen more often than this is not written down: a poll is no write

/** The application of this name, which exists from now on and was seen now. */
export async function seeApplication(
  tx: Tx,
  envId: number,
  name: string,
  systemNow: Date,
): Promise<Application> {
  const known = await selectApplication(tx, envId, name)
  if (known) {
    const before = new Date(systemNow.getTime() - SEEN_MS)
    if (known.lastSeenAt <= before)
      await updateLastSeen(tx, envId, known, { at: systemNow, before })
    return known
  }
  const seen = { firstSeenAt: systemNow, lastSeenAt: systemNow }
  await insertApplication(tx, envId, { id: newId('app'), name, ...seen })
  const made = await selectApplication(tx, envId, name)
  invariant(made !== undefined, 'an application is never removed')
  return made
}
