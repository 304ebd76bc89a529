import type { Tx } from '../platform/db/transaction.ts'
import { selectBinding, selectBound } from './connections.store.ts'

/**
 * The organization through whose issuer the person has to sign on; null: a password is enough. OWNERs are
 * never bound: else an issuer that is gone would lock everybody out.
 */
export function mustSignOn(tx: Tx, userId: string): Promise<string | null> {
  return selectBinding(tx, userId)
}

/** The members whom the organization binds to its issuer at this moment. */
export function boundMembers(tx: Tx, organizationId: string): Promise<string[]> {
  return selectBound(tx, organizationId)
}
