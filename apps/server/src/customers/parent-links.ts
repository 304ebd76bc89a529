import type { Tx } from '../platform/db/transaction.ts'
import type { ParentLink } from './customer.ts'
import { selectLinksBeneath } from './customers.store.ts'

/**
 * Who stood beneath one of `tops` at some time of `[from, to)`, and through whom: the links between
 * them, each with its time. For the root, which stands above everybody, all links of that time.
 */
export async function parentLinks(
  tx: Tx,
  envId: number,
  beneath: { readonly tops: readonly string[]; readonly from: Date; readonly to: Date },
): Promise<readonly ParentLink[]> {
  return selectLinksBeneath(tx, envId, beneath)
}
