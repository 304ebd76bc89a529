import type { Tx } from '../platform/db/transaction.ts'
import { type ParentLink, ROOT } from './customer.ts'
import { selectAbove, selectLinksBeneath } from './customers.store.ts'

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

/** All who stood above a customer at some time since `from`, the root among them. */
export async function customersAbove(
  tx: Tx,
  envId: number,
  customer: string,
  from: Date,
): Promise<readonly string[]> {
  if (customer === ROOT) return []
  return [...(await selectAbove(tx, envId, customer, from)), ROOT]
}
