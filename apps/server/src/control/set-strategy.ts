import type { IdentitySource } from '@usageflow/policy'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import {
  insertStrategy,
  selectStrategy,
  selectStrategyForUpdate,
  updateStrategy,
} from './strategies.store.ts'
import { type NamedStrategy, parseSources } from './strategy.ts'
import { failures } from './strategy-failures.ts'
import { countChange } from './versions.store.ts'

export type WantedStrategy = Pick<NamedStrategy, 'key' | 'name' | 'sources'>

/** Makes a strategy. Throws `strategy.source_impossible` and `strategy.key_taken`. */
export async function makeStrategy(
  tx: Tx,
  envId: number,
  wanted: WantedStrategy,
  systemNow: Date,
): Promise<NamedStrategy> {
  const strategy = {
    ...{ id: newId('str'), key: wanted.key, name: wanted.name },
    ...{ sources: sourcesOf(wanted.sources), createdAt: systemNow, archivedAt: null },
  }
  if (!(await insertStrategy(tx, envId, strategy))) throw failures.keyTaken(wanted.key)
  await countChange(tx, envId)
  return strategy
}

/** Gives a strategy another name or other sources; what is left out stays. Throws as above, and `strategy.unknown`. */
export async function changeStrategy(
  tx: Tx,
  envId: number,
  ref: string,
  change: {
    readonly name?: string | undefined
    readonly sources?: readonly IdentitySource[] | undefined
  },
): Promise<NamedStrategy> {
  const before = await lockStrategy(tx, envId, ref)
  const { name = before.name, sources = before.sources } = change
  const strategy = { ...before, name, sources: sourcesOf(sources) }
  await updateStrategy(tx, envId, strategy)
  await countChange(tx, envId)
  return strategy
}

/** Nothing new can name it from then on; the policies that have it keep it. Throws `strategy.unknown`. */
export async function archiveStrategy(
  tx: Tx,
  envId: number,
  ref: string,
  systemNow: Date,
): Promise<NamedStrategy> {
  const before = await lockStrategy(tx, envId, ref)
  if (before.archivedAt) return before
  const strategy = { ...before, archivedAt: systemNow }
  await updateStrategy(tx, envId, strategy)
  await countChange(tx, envId)
  return strategy
}

/** Throws `strategy.unknown`. */
export async function getStrategy(tx: Tx, envId: number, ref: string): Promise<NamedStrategy> {
  const strategy = await selectStrategy(tx, envId, ref)
  if (!strategy) throw failures.unknown(ref)
  return strategy
}

async function lockStrategy(tx: Tx, envId: number, ref: string): Promise<NamedStrategy> {
  const strategy = await selectStrategyForUpdate(tx, envId, ref)
  if (!strategy) throw failures.unknown(ref)
  return strategy
}

function sourcesOf(sources: readonly IdentitySource[]): IdentitySource[] {
  let parsed: IdentitySource[] = []
  for (const [place, source] of sources.entries()) {
    try {
      parsed = parseSources([...parsed, source]) // with those before it, which it must not repeat
    } catch (error) {
      if (error instanceof RangeError) throw failures.sourceImpossible(error.message, place)
      throw error
    }
  }
  return parsed
}
