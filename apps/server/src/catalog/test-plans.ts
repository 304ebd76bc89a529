import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { createPlan, type NewVersion, type WholePlan } from './create-plan.ts'

const NOW = new Date('2026-01-01T00:00:00Z')

/** The plan of the guide, but for what is said otherwise: $100 a month, 10,000 calls included, then $0.01 each. */
export function aVersion(overrides: Partial<NewVersion> = {}): NewVersion {
  return {
    currency: 'USD',
    cycle: 'month',
    basePrice: '100',
    baseInAdvance: false,
    graceSeconds: 3600,
    prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }],
    ...overrides,
  }
}

/** A plan called Pro; `key` keeps several apart. */
export function aPlan(
  tx: Tx,
  envId: number,
  overrides: Partial<NewVersion> & { readonly key?: string } = {},
): Promise<WholePlan> {
  const { key = 'pro', ...version } = overrides
  return createPlan(tx, envId, { key, name: 'Pro', ...aVersion(version) }, NOW)
}

/** A meter that counts the events which bear its key, or sums their amounts. Returns its id. */
export async function aMeter(
  tx: Tx,
  envId: number,
  meter: { readonly key?: string; readonly name?: string; readonly aggregation?: string } = {},
): Promise<string> {
  const { key = 'API_CALL', name = 'API Calls', aggregation = 'SUM' } = meter
  const id = newId('mtr')
  const row = { env_id: envId, id, key, name, unit: 'calls', event_name: key, aggregation }
  await tx
    .insertInto('meters')
    .values({ ...row, created_at: NOW, live_from: '0', backfilled_at: NOW })
    .execute()
  return id
}
