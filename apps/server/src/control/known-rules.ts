import type { Database } from '../platform/db/database.ts'
import { type CompiledRule, compileRule } from './metering-rule.ts'
import { selectRules } from './metering-rules.store.ts'

/** Finds rules by their ids, ended ones among them. */
export type KnownRules = (
  envId: number,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, CompiledRule>>

const RULES_MAX = 10_000

/** Remembers each for good, since a rule never changes; what is not there is asked for each time. */
export function createKnownRules(db: Database): KnownRules {
  const known = new Map<string, CompiledRule>()
  const nameOf = (envId: number, id: string) => `${envId} ${id}`

  const load = async (envId: number, ids: readonly string[]): Promise<CompiledRule[]> => {
    if (ids.length === 0) return []
    const rules = await db.inTransaction((tx) => selectRules(tx, envId, ids))
    return rules.map(compileRule)
  }

  return async (envId, ids) => {
    const found = new Map<string, CompiledRule>()
    const missing = new Set<string>()
    for (const id of ids) {
      const rule = known.get(nameOf(envId, id))
      if (rule) found.set(id, rule)
      else missing.add(id)
    }
    for (const rule of await load(envId, [...missing])) {
      if (known.size >= RULES_MAX) known.clear()
      known.set(nameOf(envId, rule.id), rule)
      found.set(rule.id, rule)
    }
    return found
  }
}
