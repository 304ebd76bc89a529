import type { Tx } from '../platform/db/transaction.ts'
import type { CreditGrant } from './credit.ts'
import { type LedgerEntry, selectEntries } from './entries.store.ts'
import { failures } from './failures.ts'
import { getGrant } from './grant-credits.ts'
import { selectGrantPage } from './grants.store.ts'

/** Up to `limit` grants of a customer, the newest first, those before `before`. */
export function grantsOf(
  tx: Tx,
  envId: number,
  page: {
    readonly customer: string
    readonly limit: number
    readonly before: readonly [at: string, id: string] | null
  },
): Promise<CreditGrant[]> {
  return selectGrantPage(tx, envId, page)
}

/**
 * A grant of this customer and up to `limit` entries of its ledger, those after `after`. Throws
 * `credit.unknown`, also for a grant of somebody else.
 */
export async function ledgerOf(
  tx: Tx,
  envId: number,
  asked: {
    readonly customer: string
    readonly grantId: string
    readonly after: number
    readonly limit: number
  },
): Promise<{ readonly grant: CreditGrant; readonly entries: readonly LedgerEntry[] }> {
  const grant = await getGrant(tx, envId, asked.grantId)
  if (grant.customer !== asked.customer) throw failures.unknown(asked.grantId)
  return { grant, entries: await selectEntries(tx, envId, asked) }
}
