import { sql } from 'kysely'
import type { Tx } from '../db/transaction.ts'

export type ClockRow = {
  readonly envId: number
  readonly offsetMs: number
  readonly frozenAt: Date | null
  readonly target: Date | null
}

export async function insertClock(tx: Tx, envId: number, offsetMs: number): Promise<void> {
  await tx.insertInto('environment_clocks').values({ env_id: envId, offset_ms: offsetMs }).execute()
}

export async function selectClock(tx: Tx, envId: number): Promise<ClockRow> {
  return fromRow(await clock(tx, envId).executeTakeFirstOrThrow())
}

export async function selectClockForUpdate(tx: Tx, envId: number): Promise<ClockRow> {
  return fromRow(await clock(tx, envId).forUpdate().executeTakeFirstOrThrow())
}

/** The clocks on the move that no other process is advancing at this moment. */
export async function lockMovingClocks(tx: Tx): Promise<ClockRow[]> {
  const rows = await tx
    .selectFrom('environment_clocks')
    .where('target', 'is not', null)
    .where('stopped', '=', false)
    .selectAll()
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(fromRow)
}

export async function updateClock(
  tx: Tx,
  envId: number,
  clock: Omit<ClockRow, 'envId'>,
): Promise<void> {
  await tx
    .updateTable('environment_clocks')
    .set({ offset_ms: clock.offsetMs, frozen_at: clock.frozenAt, target: clock.target })
    .where('env_id', '=', envId)
    .execute()
}

export async function updateStopped(tx: Tx, envId: number, stopped: boolean): Promise<void> {
  await tx.updateTable('environment_clocks').set({ stopped }).where('env_id', '=', envId).execute()
}

/** When the earliest unfinished piece of work falls due; work that was given up does not hold the clock. */
export async function nextDueAt(tx: Tx, envId: number): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(at) as at from due where env_id = ${envId} and parked_at is null`.execute(tx)
  return rows[0]?.at ?? null
}

function clock(tx: Tx, envId: number) {
  return tx.selectFrom('environment_clocks').where('env_id', '=', envId).selectAll()
}

function fromRow(row: {
  env_id: number
  offset_ms: string
  frozen_at: Date | null
  target: Date | null
}): ClockRow {
  return {
    envId: row.env_id,
    offsetMs: Number(row.offset_ms),
    frozenAt: row.frozen_at,
    target: row.target,
  }
}
