import type { ClientBase } from 'pg'

// tidy: all environments — transactions belong to the cluster
const IS_FOREIGN = `
  select from event_cursors where system_identifier <> (select p.system_identifier::text from pg_control_system() p)`

/**
 * Gives transactions numbers behind all that are stored, if the cluster is not the one that the cursors
 * know. Returns what is added to the cluster's own numbers, or null when nothing had to be done.
 */
// tidy: all environments — transactions belong to the cluster
export async function rebase(client: ClientBase): Promise<bigint | null> {
  if ((await client.query(IS_FOREIGN)).rowCount === 0) return null
  await client.query('begin')
  try {
    // Nobody can be writing with the old numbering any more, nor begin to before the new one is there.
    await client.query(
      'lock table event_cursors, usage_events, event_corrections in access exclusive mode',
    )
    const isForeign = (await client.query(IS_FOREIGN)).rowCount !== 0
    const offset = isForeign ? await renumber(client) : null
    await client.query('commit')
    return offset
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

// tidy: all environments — transactions belong to the cluster
async function renumber(client: ClientBase): Promise<bigint> {
  const { rows } = await client.query<{ offset: string }>(`
    select greatest((
        select max(number) from (
          select max(position) from event_cursors
          union all select max(xid) + 1 from usage_events
          union all select max(xid) + 1 from event_corrections) stored (number)
      ) - txid_snapshot_xmin(txid_current_snapshot()), 0) as offset`)
  const offset = BigInt(rows[0]?.offset ?? 0)
  for (const table of ['usage_events', 'event_corrections'])
    await client.query(
      `alter table ${table} alter column xid set default txid_current() + ${offset}`,
    )
  await client.query(
    `update event_cursors set xid_offset = $1, system_identifier = (select p.system_identifier::text from pg_control_system() p)`,
    [offset],
  )
  return offset
}
