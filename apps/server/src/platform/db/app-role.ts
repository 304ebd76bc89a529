import type { ClientBase } from 'pg'
import { sqlState } from './database.ts'

/** The role that the program works as: it may not change what must never change. Nobody logs in as it. */
export const APP_ROLE = 'usageflow_app'

/** Rows of these tables are inserted and read, never updated or deleted. */
const APPEND_ONLY_TABLES = [
  'usage_events',
  'event_corrections',
  'plan_versions',
  'prices',
  'invoices',
  'invoice_lines',
  'invoice_line_coverage',
  'invoice_adjustments',
  'credit_notes',
  'credit_note_lines',
  'credit_entries',
  'audit_entries',
  'audit_seals',
]

/** Written by `migrate` alone. */
export const MIGRATIONS_TABLE = 'schema_migrations'

/**
 * Whether the connected user may work as `usageflow_app` in this database. Where not (a user who
 * may not make roles migrated it), the triggers on the append-only tables are the only guard.
 */
export async function appRoleAvailable(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ available: boolean }>(
    `select ${MAY_SET_ROLE} and has_table_privilege(oid, $2, 'select') as available
       from pg_roles where rolname = $1`,
    [APP_ROLE, MIGRATIONS_TABLE],
  )
  return rows[0]?.available === true
}

/** Of a row of `pg_roles`. Before 16 whoever was a member of a role could work as it. */
const MAY_SET_ROLE = `pg_has_role(current_user, oid,
  case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end)`

/**
 * Makes the role unless the cluster has it, and lets it do here what the program needs. Does
 * nothing where the connected user may not do that. May be repeated.
 */
export async function grantAppRole(client: ClientBase): Promise<void> {
  if (!(await mayMakeRoles(client))) return
  await retryRaces(() => createRole(client))
  await client.query('begin')
  try {
    await client.query(grants())
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error // the tables are another user's
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

async function mayMakeRoles(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
  )
  return rows[0]?.may === true
}

/** Roles belong to the cluster: another process may be making this one for another database. */
async function createRole(client: ClientBase): Promise<void> {
  await client.query(`do $$
    begin
      if not exists (select from pg_roles where rolname = '${APP_ROLE}') then
        create role ${APP_ROLE} nologin;
      end if;
      if not (select ${MAY_SET_ROLE} from pg_roles where rolname = '${APP_ROLE}') then
        grant ${APP_ROLE} to current_user;
      end if;
    exception
      when duplicate_object or insufficient_privilege then null;
    end
  $$`)
}

const RACES_MAX = 10

/** Two that change one row of a shared catalog at once: the later one gets an error, and is repeated. */
async function retryRaces(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const isRace = ['XX000', '23505'].includes(sqlState(error) ?? '') // tuple concurrently updated
      if (!isRace || attempt === RACES_MAX) throw error
    }
  }
}

function grants(): string {
  const readOnly = APPEND_ONLY_TABLES.join(', ')
  return `
    grant usage on schema public to ${APP_ROLE};
    grant select, insert, update, delete on all tables in schema public to ${APP_ROLE};
    revoke update, delete, truncate on ${readOnly} from ${APP_ROLE};
    revoke insert, update, delete, truncate on ${MIGRATIONS_TABLE} from ${APP_ROLE};
    grant usage, select on all sequences in schema public to ${APP_ROLE};
    grant execute on all functions in schema public to ${APP_ROLE};
  `
}
