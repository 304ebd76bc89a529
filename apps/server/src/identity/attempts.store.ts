import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

export type Tries = { readonly tries: number; readonly beganAt: Date }

/** Counts one more try of the subject in its window, which begins with the first. Of any number at once, each counts. */
// tidy: all environments — whoever signs in is not yet in any
export async function countTry(
  tx: Tx,
  subject: string,
  times: { readonly now: Date; readonly endedBefore: Date },
): Promise<Tries> {
  const { now, endedBefore } = times
  const { rows } = await sql<{ tries: number; began_at: Date }>`
    insert into attempts as a (subject, tries, began_at) values (${subject}, 1, ${now})
    on conflict (subject) do update set
      tries = case when a.began_at <= ${endedBefore} then 1 else least(a.tries + 1, 1000000) end,
      began_at = case when a.began_at <= ${endedBefore} then ${now} else a.began_at end
    returning tries, began_at`.execute(tx)
  const [row] = rows
  return { tries: row?.tries ?? 1, beganAt: row?.began_at ?? now }
}

/** It was them: what was tried before is forgiven. */
// tidy: all environments — as above
export async function forgetTries(tx: Tx, subject: string): Promise<void> {
  await tx.deleteFrom('attempts').where('subject', '=', subject).execute()
}

/** Of everybody: housekeeping. */
// tidy: all environments — as above
export async function deleteTriesBefore(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('attempts').where('began_at', '<', before).execute()
}
