import type { RateLimit } from '@usageflow/policy'
import type { Tx } from '../platform/db/transaction.ts'
import { selectLimit } from './policies.store.ts'
import { type BalanceLimit, readLimit, type Share } from './policy.ts'

/** A limit of a policy as it is held: a window, with whose it is, or a balance. */
export type FoundLimit = (RateLimit & { readonly per: Share }) | BalanceLimit

/** The limit of this name, as it holds now. Null: the policy has none, is off or archived, or is not there. */
export async function limitOf(
  tx: Tx,
  envId: number,
  policyId: string,
  limitName: string,
): Promise<FoundLimit | null> {
  const written = await selectLimit(tx, envId, policyId, limitName)
  if (!written) return null
  return written.algorithm === 'balance' ? written : { ...readLimit(written), per: written.per }
}
