import type { Tx } from '../platform/db/transaction.ts'
import {
  type CollectionMode,
  modeKey,
  selectModes,
  selectRetryDays,
} from './collection-settings.store.ts'

/** Days from each failed attempt to the next, unless the environment says otherwise. */
export const RETRY_AFTER_DAYS: readonly number[] = [3, 5, 7]

const DAY_MS = 86_400_000

/** How an environment collects what is due. */
export type CollectionSettings = {
  readonly mode: CollectionMode
  readonly retryAfterDays: readonly number[]
}

export async function environmentSettings(tx: Tx, envId: number): Promise<CollectionSettings> {
  const modes = await selectModes(tx, envId, { plans: [], customers: [] })
  return {
    mode: modes.get(modeKey('environment', '')) ?? 'manual',
    retryAfterDays: (await selectRetryDays(tx, envId)) ?? RETRY_AFTER_DAYS,
  }
}

/** Says of an invoice how it is collected: as its customer has it, else its plan, else the environment. */
export async function collectionModes(
  tx: Tx,
  envId: number,
  invoices: readonly Collected[],
): Promise<(invoice: Collected) => CollectionMode> {
  const plans = [...new Set(invoices.flatMap(({ planId }) => planId ?? []))]
  const customers = [...new Set(invoices.map(({ customer }) => customer))]
  const modes = await selectModes(tx, envId, { plans, customers })
  return ({ customer, planId }) =>
    modes.get(modeKey('customer', customer)) ??
    (planId === null ? undefined : modes.get(modeKey('plan', planId))) ??
    modes.get(modeKey('environment', '')) ??
    'manual'
}

/** `planId` is null where no plan is billed. */
type Collected = { readonly customer: string; readonly planId: string | null }

/** When to try again after `tries` attempts, the last one at `now`; null when the schedule is used up. */
export function nextTryAt(
  retryAfterDays: readonly number[],
  tries: number,
  now: Date,
): Date | null {
  const days = retryAfterDays[tries - 1]
  return days === undefined ? null : new Date(now.getTime() + days * DAY_MS)
}
