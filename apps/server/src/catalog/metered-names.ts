import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { selectMeteredNames } from './meters.store.ts'

/** Tells whether a meter reads the events of a name. */
export type MeteredNames = {
  isMetered(envId: number, name: string): boolean | Promise<boolean>
}

const FRESH_MS = 1_000 // how long a new meter's events may still be called unknown

type Names = { readonly names: Promise<ReadonlySet<string>>; readonly until: number }

/** Keeps the names of each environment for a second, since every event may ask. */
export function createMeteredNames(db: Database, clock: Clock): MeteredNames {
  const byEnv = new Map<number, Names>()

  const load = (envId: number, now: number): Promise<ReadonlySet<string>> => {
    const names = selectMeteredNames(db.kysely, envId)
    byEnv.set(envId, { names, until: now + FRESH_MS })
    names.catch(() => byEnv.delete(envId)) // an outage is not remembered
    return names
  }

  return {
    async isMetered(envId, name) {
      const now = clock().getTime()
      const known = byEnv.get(envId)
      const names = known && known.until > now ? known.names : load(envId, now)
      return (await names).has(name)
    },
  }
}
