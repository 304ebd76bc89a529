import type { RateLimit } from '@usageflow/policy'
import type { Tx } from '../platform/db/transaction.ts'
import { selectPolicy } from './policies.store.ts'
import { readLimit, type Share } from './policy.ts'

/** The limit of this name, as it holds now. Null: the policy has none, is off or archived, or is not there. */
export async function limitOf(
  tx: Tx,
  envId: number,
  policyId: string,
  limitName: string,
): Promise<(RateLimit & { readonly per: Share }) | null> {
  const policy = await selectPolicy(tx, envId, policyId)
  if (!policy || policy.archivedAt || policy.mode === 'off') return null
  const written = policy.limits.find(({ name }) => name === limitName)
  return written ? { ...readLimit(written), per: written.per } : null
}
