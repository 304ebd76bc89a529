import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Authenticate, Caller } from '../platform/http/caller.ts'
import { hashOfKey, modeOfKey } from './api-key.ts'
import { type KeyInUse, selectKeyInUse } from './api-keys.store.ts'
import { failures } from './failures.ts'

const REFRESH_MS = 300 // from this age on, an answer is renewed while it is still used
const STALE_MS = 900 // a revoked key stops within a second: nothing older is believed
const ENTRIES_MAX = 10_000

type Entry = {
  /** Null when no valid key has this text. */
  caller: Caller | null
  /** When the question was asked, not when it was answered. */
  askedAtMs: number
  asking: Promise<Caller | null> | null
}

/**
 * Finds the caller by its key. Answers at once from what the database said less than 0.9 s ago and
 * asks again in the background, so the path of an event waits for no look-up and revocation is quick.
 */
export function createAuthenticator(deps: {
  readonly db: Database
  readonly clock: Clock
}): Authenticate {
  const entries = new Map<string, Entry>()

  const ask = (text: string, entry: Entry): Promise<Caller | null> => {
    const systemNow = deps.clock()
    const asking = deps.db
      .inTransaction((tx) => selectKeyInUse(tx, hashOfKey(text), systemNow))
      .then((key) => {
        entry.caller = key ? toCaller(key) : null
        entry.askedAtMs = systemNow.getTime()
        return entry.caller
      })
      .finally(() => {
        entry.asking = null
      })
    entry.asking = asking
    return asking
  }

  const entryOf = (text: string): Entry => {
    const known = entries.get(text)
    if (known) return known
    if (entries.size >= ENTRIES_MAX) entries.clear() // whoever sends so many wrong keys costs everybody one look-up
    const entry: Entry = { caller: null, askedAtMs: Number.NEGATIVE_INFINITY, asking: null }
    entries.set(text, entry)
    return entry
  }

  return (headers) => {
    const text = credential(headers)
    if (modeOfKey(text) === null) throw failures.keyRefused()
    const entry = entryOf(text)
    const ageMs = deps.clock().getTime() - entry.askedAtMs
    if (ageMs >= STALE_MS || ageMs < 0) return (entry.asking ?? ask(text, entry)).then(known)
    if (ageMs >= REFRESH_MS && !entry.asking) ask(text, entry).catch(() => {}) // soon too old: then it is asked for in earnest
    return known(entry.caller)
  }
}

function known(caller: Caller | null): Caller {
  if (!caller) throw failures.keyRefused()
  return caller
}

/** The key as sent. Throws when there is none, or more than one. */
function credential(headers: IncomingHttpHeaders): string {
  const { authorization, 'x-usageflow-api-key': header } = headers
  if (header !== undefined && authorization !== undefined) throw failures.twoCredentials()
  if (typeof header === 'string') return header
  const bearer = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (bearer === undefined) throw failures.keyMissing()
  return bearer
}

function toCaller(key: KeyInUse): Caller {
  const { offsetMs, frozenAt } = key.clock
  return {
    envId: key.envId,
    organizationId: key.organizationId,
    mode: key.mode,
    keyId: key.id,
    scopes: new Set(key.scopes),
    refusesUnknownMeters: key.refusesUnknownMeters,
    environmentNow: (systemNow) => frozenAt ?? new Date(systemNow.getTime() + offsetMs),
  }
}
