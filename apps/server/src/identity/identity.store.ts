import type { Tx } from '../platform/db/transaction.ts'
import type { Mode } from './api-key.ts'

export type Environment = {
  readonly envId: number
  readonly mode: Mode
  readonly organizationId: string
}

export type Organization = { readonly id: string; readonly name: string; readonly createdAt: Date }

// tidy: all environments — an organization stands above its environments
export async function insertOrganization(tx: Tx, organization: Organization): Promise<void> {
  const { id, name, createdAt } = organization
  await tx.insertInto('organizations').values({ id, name, created_at: createdAt }).execute()
}

// tidy: all environments — an organization stands above its environments
export async function updateOrganizationName(tx: Tx, id: string, name: string): Promise<void> {
  await tx.updateTable('organizations').set({ name }).where('id', '=', id).execute()
}

export async function insertEnvironment(
  tx: Tx,
  environment: { organizationId: string; mode: Mode; createdAt: Date },
): Promise<number> {
  const row = await tx
    .insertInto('environments')
    .values({
      organization_id: environment.organizationId,
      mode: environment.mode,
      created_at: environment.createdAt,
    })
    .returning('env_id')
    .executeTakeFirstOrThrow()
  return row.env_id
}

/** The organizations with this id or name, oldest first; all of them when neither is given. */
// tidy: all environments — for the operator of the installation, on the command line
export async function selectOrganizations(tx: Tx, idOrName?: string): Promise<Organization[]> {
  const rows = await tx
    .selectFrom('organizations')
    .$if(idOrName !== undefined, (query) =>
      query.where((is) => is.or([is('id', '=', idOrName ?? ''), is('name', '=', idOrName ?? '')])),
    )
    .select(['id', 'name', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at }))
}

export async function selectEnvironments(tx: Tx, organizationId: string): Promise<Environment[]> {
  const rows = await tx
    .selectFrom('environments')
    .where('organization_id', '=', organizationId)
    .select(['env_id', 'mode'])
    .orderBy('mode')
    .execute()
  return rows.map((row) => ({ envId: row.env_id, mode: row.mode as Mode, organizationId }))
}

export async function updateUnknownMeters(
  tx: Tx,
  envId: number,
  unknownMeters: 'store' | 'refuse',
): Promise<void> {
  await tx
    .updateTable('environments')
    .set({ unknown_meters: unknownMeters })
    .where('env_id', '=', envId)
    .executeTakeFirstOrThrow()
}
