import type { Database } from '../platform/db/database.ts'
import { type CompiledRule, compileRule } from './metering-rule.ts'
import { selectRules } from './metering-rules.store.ts'

/** Finds rules by their ids, ended ones among them. */
export type KnownRules = (
  envId: number,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, CompiledRule>>

const CHARACTERS_MAX = 500_000 // of expressions, and their names: compiled, one takes twenty times as much

/** Remembers each for good, since a rule never changes; what is not there is asked for each time. */
export function createKnownRules(db: Database, charactersMax = CHARACTERS_MAX): KnownRules {
  const known = new Map<string, CompiledRule>()
  let characters = 0
  const nameOf = (envId: number, id: string) => `${envId} ${id}`

  const load = async (envId: number, ids: readonly string[]) =>
    ids.length === 0 ? [] : db.inTransaction((tx) => selectRules(tx, envId, ids))

  const remember = (name: string, rule: CompiledRule, size: number): void => {
    if (characters + size > charactersMax) {
      known.clear()
      characters = 0
    }
    known.set(name, rule)
    characters += size
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
      const [name, compiled] = [nameOf(envId, rule.id), compileRule(rule)]
      remember(name, compiled, name.length + rule.quantity.length)
      found.set(rule.id, compiled)
    }
    return found
  }
}
