import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** Takes the place up to which usage was looked through, for this transaction; null: another worker has it. */
// tidy: all environments — one place in the events of them all
export async function lockProgress(tx: Tx): Promise<bigint | null> {
  const { rows } = await sql<{ position: string }>`
    select position from stripe_usage_progress for update skip locked`.execute(tx)
  const [row] = rows
  return row ? BigInt(row.position) : null
}

// tidy: all environments — one place in the events of them all
export async function updateProgress(tx: Tx, position: bigint): Promise<void> {
  await sql`update stripe_usage_progress set position = ${position}`.execute(tx)
}
