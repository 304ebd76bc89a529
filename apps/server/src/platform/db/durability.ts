import type { ClientBase } from 'pg'

/** A promise to the customer is kept only if PostgreSQL keeps its own: these settings make it. */
const NEEDED = ['fsync', 'synchronous_commit', 'full_page_writes']

/** The database would acknowledge what it may lose. */
export class NotDurable extends Error {
  override readonly name = 'NotDurable'
}

/**
 * Throws `NotDurable` unless what PostgreSQL acknowledges survives the loss of power. Asked on a
 * connection of the program's own, since a setting may differ by user and by database.
 *
 * Any `synchronous_commit` but `off` flushes to the local disk first.
 */
export async function assertDurable(client: Pick<ClientBase, 'query'>): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1) order by name',
    [NEEDED],
  )
  const weak = rows.filter((row) => row.setting === 'off').map((row) => row.name)
  if (weak.length === 0) return
  throw new NotDurable(
    `This PostgreSQL runs with ${weak.join(' = off, ')} = off, so it acknowledges usage that a ` +
      'crash may lose. Turn it on, for the server, the database and the user, and start again.',
  )
}
