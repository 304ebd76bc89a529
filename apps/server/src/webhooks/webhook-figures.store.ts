import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** How the telling goes: what waits to be sent, and which endpoints nothing reaches. */
export type WebhookFigures = {
  readonly endpoints: number
  readonly disabled: number
  readonly failing: number
  readonly pending: number
  /** Those that are told nothing, or may soon be: failing ones, and what was disabled, though not by hand. */
  readonly troubled: readonly TroubledEndpoint[]
}

export type TroubledEndpoint = {
  readonly id: string
  readonly url: string
  readonly trouble: 'failing' | 'disabled'
}

const PENDING_COUNTED_MAX = 10_000 // beyond that, how many more is no help

/** Looks at endpoints, which are few, and at what is pending, which an index knows. */
export async function selectWebhookFigures(tx: Tx, envId: number): Promise<WebhookFigures> {
  const { rows } = await sql<{ endpoints: string; pending: string }>`
    select count(*) as endpoints,
      (select count(*) from (
        select 1 from webhook_deliveries where env_id = ${envId} and state = 'pending' limit ${PENDING_COUNTED_MAX}
      ) as waiting) as pending
    from webhook_endpoints where env_id = ${envId} and deleted_at is null`.execute(tx)
  const [row] = rows
  const troubled = await selectTroubled(tx, envId)
  const count = (wanted: TroubledEndpoint['trouble']) =>
    troubled.filter(({ trouble }) => trouble === wanted).length
  return {
    endpoints: Number(row?.endpoints ?? 0),
    disabled: count('disabled'),
    failing: count('failing'),
    pending: Number(row?.pending ?? 0),
    troubled,
  }
}

async function selectTroubled(tx: Tx, envId: number): Promise<TroubledEndpoint[]> {
  const { rows } = await sql<TroubledEndpoint>`
    select id, url, case status when 'disabled' then 'disabled' else 'failing' end as trouble
    from webhook_endpoints
    where env_id = ${envId} and deleted_at is null
      and (status = 'disabled' and disabled_reason <> 'manual'
        or status = 'enabled' and failing_since is not null)
    order by id`.execute(tx)
  return rows
}
