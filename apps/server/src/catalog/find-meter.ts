import type { Tx } from '../platform/db/transaction.ts'
import type { Meter } from './meter.ts'
import { failures } from './meter-failures.ts'
import {
  selectKeysByNo,
  selectMeter,
  selectMeters,
  selectMetersById,
  selectMetersOfEvent,
} from './meters.store.ts'

/** Throws `meter.unknown`. `ref` is an id or a key. */
export async function findMeter(tx: Tx, envId: number, ref: string): Promise<Meter> {
  const meter = await selectMeter(tx, envId, ref)
  if (!meter) throw failures.unknown(ref)
  return meter
}

/** The meters with these ids, by id; archived ones, too. All must exist. */
export async function metersById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Meter>> {
  const meters = await selectMetersById(tx, envId, ids)
  return new Map(meters.map((meter) => [meter.id, meter]))
}

/** Up to `limit` meters in the order of their keys, those after the first `offset`; archived ones or the others. */
export async function metersInOrder(
  tx: Tx,
  envId: number,
  page: { readonly limit: number; readonly offset: number; readonly isArchived: boolean },
): Promise<Meter[]> {
  return selectMeters(tx, envId, { ...page, after: null })
}

/** The keys of meters, by their numbers in big tables. */
export async function meterKeysByNo(
  tx: Tx,
  envId: number,
  meterNos: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  return selectKeysByNo(tx, envId, meterNos)
}

/** The meters that read events of this name, archived ones too. */
export async function metersOfEvent(
  tx: Tx,
  envId: number,
  eventName: string,
): Promise<readonly Meter[]> {
  return selectMetersOfEvent(tx, envId, eventName)
}
