import type { Tx } from '../platform/db/transaction.ts'
import type { TaxRate } from './tax-rate.ts'
import { failures } from './tax-rate-failures.ts'
import { selectTaxRates, selectTaxRatesById } from './tax-rates.store.ts'

/**
 * Rates by the ids or keys they were asked for by. The one with `keptId` may be archived: whoever has it
 * keeps it. Throws `tax_rate.unknown` and `tax_rate.archived`.
 */
export async function findTaxRates(
  tx: Tx,
  envId: number,
  refs: readonly string[],
  keptId: string | null = null,
): Promise<ReadonlyMap<string, TaxRate>> {
  if (refs.length === 0) return new Map()
  const rates = await selectTaxRates(tx, envId, refs)
  const found = new Map<string, TaxRate>()
  for (const ref of refs) {
    const rate = rates.find(({ id, key }) => id === ref || key === ref)
    if (!rate) throw failures.unknown(ref)
    if (rate.archivedAt && rate.id !== keptId) throw failures.archived(rate.key)
    found.set(ref, rate)
  }
  return found
}

/** Rates by their ids, archived ones among them: what was sold with a rate keeps it. */
export async function taxRatesById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TaxRate>> {
  if (ids.length === 0) return new Map()
  const rates = await selectTaxRatesById(tx, envId, ids)
  return new Map(rates.map((rate) => [rate.id, rate]))
}
