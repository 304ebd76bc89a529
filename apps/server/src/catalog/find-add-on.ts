import type { Tx } from '../platform/db/transaction.ts'
import type { AddOn } from './add-on.ts'
import { failures } from './add-on-failures.ts'
import { selectAddOn, selectAddOnsById } from './add-ons.store.ts'

/** Throws `add_on.unknown`. `ref` is an id or a key. */
export async function getAddOn(tx: Tx, envId: number, ref: string): Promise<AddOn> {
  const addOn = await selectAddOn(tx, envId, ref)
  if (!addOn) throw failures.unknown(ref)
  return addOn
}

/** One that somebody new can have. Throws `add_on.unknown` and `add_on.archived`. */
export async function addOnOnSale(tx: Tx, envId: number, ref: string): Promise<AddOn> {
  const addOn = await getAddOn(tx, envId, ref)
  if (addOn.archivedAt) throw failures.archived(addOn.key)
  return addOn
}

/** Add-ons by their ids, archived ones among them: who has one keeps it. */
export async function addOnsById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AddOn>> {
  if (ids.length === 0) return new Map()
  const addOns = await selectAddOnsById(tx, envId, [...new Set(ids)])
  return new Map(addOns.map((addOn) => [addOn.id, addOn]))
}
