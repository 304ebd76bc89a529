import type { Tx } from '../platform/db/transaction.ts'
import type { Connection } from './connection.ts'

/** A connection with its secrets, as they are kept. */
export type SealedConnection = Connection & {
  readonly sealedApiKey: Buffer
  readonly sealedWebhookSecret: Buffer | null
}

export async function selectConnection(
  tx: Tx,
  envId: number,
): Promise<SealedConnection | undefined> {
  const row = await connections(tx).where('env_id', '=', envId).executeTakeFirst()
  return row && fromRow(row)
}

/** The same, while nobody else changes it. */
export async function selectConnectionForUpdate(
  tx: Tx,
  envId: number,
): Promise<SealedConnection | undefined> {
  const row = await connections(tx).where('env_id', '=', envId).forUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** At which account the money of the environment is moved; nobody leaves it until the transaction ends. */
export async function selectAccountForShare(tx: Tx, envId: number): Promise<string | undefined> {
  const row = await tx
    .selectFrom('stripe_connections')
    .where('env_id', '=', envId)
    .select('account_id')
    .forShare()
    .executeTakeFirst()
  return row?.account_id
}

/** Whose connection it is. tidy: all environments — the tenant is what the address finds out */
export async function selectEnvOfConnection(tx: Tx, id: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('stripe_connections')
    .where('id', '=', id)
    .select('env_id')
    .executeTakeFirst()
  return row?.env_id
}

export async function upsertConnection(
  tx: Tx,
  envId: number,
  wanted: Pick<
    SealedConnection,
    'id' | 'accountId' | 'apiKeyLastFour' | 'sealedApiKey' | 'sealedWebhookSecret' | 'connectedAt'
  >,
): Promise<void> {
  const values = {
    id: wanted.id,
    account_id: wanted.accountId,
    last_four: wanted.apiKeyLastFour,
    sealed_api_key: wanted.sealedApiKey,
    sealed_webhook_secret: wanted.sealedWebhookSecret,
    connected_at: wanted.connectedAt,
    error_at: null,
    error_code: null,
  }
  await tx
    .insertInto('stripe_connections')
    .values({ env_id: envId, ...values })
    .onConflict((conflict) => conflict.column('env_id').doUpdateSet(values))
    .execute()
}

export async function deleteConnection(tx: Tx, envId: number): Promise<void> {
  await tx.deleteFrom('stripe_connections').where('env_id', '=', envId).execute()
}

export async function updateLastEvent(
  tx: Tx,
  envId: number,
  event: { readonly at: Date; readonly type: string },
): Promise<void> {
  await tx
    .updateTable('stripe_connections')
    .set({ event_at: event.at, event_type: event.type })
    .where('env_id', '=', envId)
    .execute()
}

export async function updateLastError(
  tx: Tx,
  envId: number,
  error: { readonly at: Date; readonly code: string },
): Promise<void> {
  await tx
    .updateTable('stripe_connections')
    .set({ error_at: error.at, error_code: error.code })
    .where('env_id', '=', envId)
    .execute()
}

/** A call that began then has gone well. */
export async function forgetErrorBefore(tx: Tx, envId: number, askedAt: Date): Promise<void> {
  await tx
    .updateTable('stripe_connections')
    .set({ error_at: null, error_code: null })
    .where('env_id', '=', envId)
    .where('error_at', '<=', askedAt)
    .execute()
}

function connections(tx: Tx) {
  // tidy: all environments — whoever reads says which
  return tx
    .selectFrom('stripe_connections')
    .select([
      ...(['id', 'account_id', 'last_four', 'sealed_api_key'] as const),
      ...(['sealed_webhook_secret', 'connected_at', 'event_at', 'event_type'] as const),
      ...(['error_at', 'error_code'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof connections>['execute']>>[number]

function fromRow(row: Row): SealedConnection {
  const { event_at: eventAt, error_at: errorAt } = row
  return {
    id: row.id,
    accountId: row.account_id,
    apiKeyLastFour: row.last_four,
    hasWebhookSecret: row.sealed_webhook_secret !== null,
    connectedAt: row.connected_at,
    lastEvent: eventAt && { at: eventAt, type: row.event_type ?? '' },
    lastError: errorAt && { at: errorAt, code: row.error_code ?? '' },
    sealedApiKey: row.sealed_api_key,
    sealedWebhookSecret: row.sealed_webhook_secret,
  }
}
