import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** How the telling goes: what waits to be sent, and which endpoints nothing reaches. */
export type WebhookFigures = {
  readonly endpoints: number
  readonly disabled: number
  readonly failing: number
  readonly pending: number
}

const PENDING_COUNTED_MAX = 10_000 // beyond that, how many more is no help

/** Looks at endpoints, which are few, and at what is pending, which an index knows. */
export async function selectWebhookFigures(tx: Tx, envId: number): Promise<WebhookFigures> {
  const { rows } = await sql<Record<keyof WebhookFigures, string>>`
    select count(*) as endpoints,
      count(*) filter (where status = 'disabled' and disabled_reason <> 'manual') as disabled,
      count(*) filter (where status = 'enabled' and failing_since is not null) as failing,
      (select count(*) from (
        select 1 from webhook_deliveries where env_id = ${envId} and state = 'pending' limit ${PENDING_COUNTED_MAX}
      ) as waiting) as pending
    from webhook_endpoints where env_id = ${envId} and deleted_at is null`.execute(tx)
  const [row] = rows
  return {
    endpoints: Number(row?.endpoints ?? 0),
    disabled: Number(row?.disabled ?? 0),
    failing: Number(row?.failing ?? 0),
    pending: Number(row?.pending ?? 0),
  }
}
