import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Application } from './application.ts'

/** Does nothing where there is one of this name. */
export async function insertApplication(
  tx: Tx,
  envId: number,
  { id, name, firstSeenAt, lastSeenAt }: Application,
): Promise<void> {
  await tx
    .insertInto('applications')
    .values({ env_id: envId, id, name, first_seen_at: firstSeenAt, last_seen_at: lastSeenAt })
    .onConflict((conflict) => conflict.constraint('one_application_per_name').doNothing())
    .execute()
}

/** Unless it was seen since `before`, as another process may have written meanwhile; nobody waits for that. */
export async function updateLastSeen(
  tx: Tx,
  envId: number,
  { id }: Pick<Application, 'id'>,
  seen: { readonly at: Date; readonly before: Date },
): Promise<void> {
  await sql`
    update applications set last_seen_at = ${seen.at}
    where env_id = ${envId} and id = (
      select id from applications
      where env_id = ${envId} and id = ${id} and last_seen_at <= ${seen.before}
      for no key update skip locked
    )`.execute(tx)
}

export async function selectApplication(
  tx: Tx,
  envId: number,
  name: string,
): Promise<Application | undefined> {
  const row = await applications(tx, envId).where('name', '=', name).executeTakeFirst()
  return row && fromRow(row)
}

/** Up to `limit` in the order of their names, those after `after`. */
export async function selectApplicationPage(
  tx: Tx,
  envId: number,
  { limit, after }: { readonly limit: number; readonly after: string },
): Promise<Application[]> {
  const rows = await applications(tx, envId)
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

function applications(tx: Tx, envId: number) {
  return tx
    .selectFrom('applications')
    .where('env_id', '=', envId)
    .select(['id', 'name', 'first_seen_at', 'last_seen_at'])
}

function fromRow(row: {
  id: string
  name: string
  first_seen_at: Date
  last_seen_at: Date
}): Application {
  const { id, name, first_seen_at: firstSeenAt, last_seen_at: lastSeenAt } = row
  return { id, name, firstSeenAt, lastSeenAt }
}
