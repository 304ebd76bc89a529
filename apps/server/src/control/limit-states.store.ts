import { sql } from 'kysely'
import { PREPARED } from '../platform/db/prepared.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type LimitState, UNUSED } from './limit-state.ts'

/** Which limit, and whose: SHA-256 of each, in hex. */
export type StateKey = { readonly limit: string; readonly identity: string }

export type StoredState = StateKey & { readonly state: LimitState }

/**
 * Keeps the states from everybody else until the transaction ends; of what nobody has used yet it makes one. All callers
 * take them in the order of the keys, new ones and old ones in one go, so that two never wait for each other.
 */
export async function lockStates(tx: Tx, envId: number, keys: readonly StateKey[]): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    insert into limit_states (env_id, limit_key, identity_key, state, needed_until)
    select ${envId}::integer, decode(k.limit_key, 'hex') as l, decode(k.identity_key, 'hex') as i,
      ${JSON.stringify(UNUSED)}::jsonb, now()
    from unnest(${limitsOf(keys)}::text[], ${identitiesOf(keys)}::text[]) as k (limit_key, identity_key)
    order by l, i
    on conflict on constraint limit_states_pkey do update set state = excluded.state
      where false`.execute(tx) // which locks the row, and leaves it as it is
}

/** To be called once they are locked, in a statement of its own: that of the lock does not see what it waited for. */
export async function selectStates(
  tx: Tx,
  envId: number,
  keys: readonly StateKey[],
): Promise<StoredState[]> {
  const { rows } = await sql<StoredState>`${sql.raw(PREPARED)}
    select k.limit_key as limit, k.identity_key as identity, s.state
    from unnest(${limitsOf(keys)}::text[], ${identitiesOf(keys)}::text[]) as k (limit_key, identity_key)
      join limit_states s on s.env_id = ${envId}::integer
        and s.limit_key = decode(k.limit_key, 'hex') and s.identity_key = decode(k.identity_key, 'hex')`.execute(
    tx,
  )
  return rows
}

export async function updateStates(
  tx: Tx,
  envId: number,
  states: readonly (StoredState & { readonly neededUntil: Date })[],
): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    update limit_states s set state = k.state, needed_until = k.needed_until
    from unnest(
      ${limitsOf(states)}::text[], ${identitiesOf(states)}::text[],
      ${states.map(({ state }) => JSON.stringify(state))}::jsonb[],
      ${states.map(({ neededUntil }) => neededUntil)}::timestamptz[]
    ) as k (limit_key, identity_key, state, needed_until)
    where s.env_id = ${envId}::integer
      and s.limit_key = decode(k.limit_key, 'hex') and s.identity_key = decode(k.identity_key, 'hex')`.execute(
    tx,
  )
}

/** Milliseconds since 1970 on the clock of the database server, now and not when the transaction began. */
// tidy: all environments — a clock has none
export async function databaseNowMs(tx: Tx): Promise<number> {
  const { rows } = await sql<{ now_ms: number }>`${sql.raw(PREPARED)}
    select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`.execute(tx)
  return rows[0]?.now_ms ?? Number.NaN
}

/**
 * Housekeeping. Leaves alone what a call holds at this moment. Reads the whole table: an index by that time would have every
 * call write to it.
 */
// tidy: all environments — housekeeping knows no tenant
export async function deleteUnneeded(tx: Tx, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from limit_states
    where ctid = any(array(
      select ctid from limit_states
      where needed_until < now() limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}

function limitsOf(keys: readonly StateKey[]): string[] {
  return keys.map(({ limit }) => limit)
}

function identitiesOf(keys: readonly StateKey[]): string[] {
  return keys.map(({ identity }) => identity)
}
