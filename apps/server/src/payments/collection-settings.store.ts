import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** `automatic`: invoices are charged when they are finalized; `manual`: somebody records the money. */
export type CollectionMode = 'automatic' | 'manual'

/** Of what a mode is set; the subject is the plan's id or the customer's name. */
export type ModeOf =
  | { readonly level: 'environment'; readonly subject: '' }
  | { readonly level: 'plan' | 'customer'; readonly subject: string }

/** Sets a mode, or with null leaves it to the level above. */
export async function upsertMode(
  tx: Tx,
  envId: number,
  { level, subject }: ModeOf,
  mode: CollectionMode | null,
): Promise<void> {
  if (mode === null) {
    await tx
      .deleteFrom('collection_settings')
      .where('env_id', '=', envId)
      .where('level', '=', level)
      .where('subject', '=', subject)
      .execute()
    return
  }
  await tx
    .insertInto('collection_settings')
    .values({ env_id: envId, level, subject, mode })
    .onConflict((conflict) => conflict.constraint('collection_settings_pkey').doUpdateSet({ mode }))
    .execute()
}

/** The modes that are set for the environment, these plans and these customers; by `modeKey`. */
export async function selectModes(
  tx: Tx,
  envId: number,
  of: { readonly plans: readonly string[]; readonly customers: readonly string[] },
): Promise<Map<string, CollectionMode>> {
  const { rows } = await sql<{ level: ModeOf['level']; subject: string; mode: CollectionMode }>`
    select level, subject, mode from collection_settings where env_id = ${envId} and (
      level = 'environment'
      or level = 'plan' and subject = any(${of.plans}::text[])
      or level = 'customer' and subject = any(${of.customers}::text[]))`.execute(tx)
  return new Map(rows.map(({ level, subject, mode }) => [modeKey(level, subject), mode]))
}

export function modeKey(level: ModeOf['level'], subject: string): string {
  return `${level} ${subject}`
}

export async function selectRetryDays(
  tx: Tx,
  envId: number,
): Promise<readonly number[] | undefined> {
  const row = await tx
    .selectFrom('dunning_schedules')
    .where('env_id', '=', envId)
    .select('retry_after_days')
    .executeTakeFirst()
  return row?.retry_after_days
}

export async function upsertRetryDays(
  tx: Tx,
  envId: number,
  days: readonly number[],
): Promise<void> {
  const retry_after_days = [...days]
  await tx
    .insertInto('dunning_schedules')
    .values({ env_id: envId, retry_after_days })
    .onConflict((conflict) => conflict.column('env_id').doUpdateSet({ retry_after_days }))
    .execute()
}
