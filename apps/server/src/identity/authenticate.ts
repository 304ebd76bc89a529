import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { createGate } from '../platform/gate.ts'
import type { Caller } from '../platform/http/caller.ts'
import { failures as requestFailures } from '../platform/http/request-failures.ts'
import { hashOfKey, modeOfKey } from './api-key.ts'
import { type KeyInUse, selectKeyInUse } from './api-keys.store.ts'
import { failures } from './failures.ts'
import { failures as sessionFailures } from './session-failures.ts'

const REFRESH_MS = 300 // from this age on, an answer is renewed while it is still used
const STALE_MS = 900 // a revoked key stops within a second: nothing older is believed
const KEYS_REMEMBERED = 10_000
const STRANGERS_REMEMBERED = 2_000 // keys that are none: remembered so that each costs one look-up a second
const STRANGERS_AT_ONCE = 4 // so that a flood of keys that are none leaves the database to the others
const STRANGERS_WAITING_MAX = 1_000

/** What the database said about one key, and what it is being asked. */
type Entry = {
  /** Null when no valid key has this text. */
  caller: Caller | null
  /** When the question was asked, not when it was answered. */
  askedAtMs: number
  asking: { readonly atMs: number; readonly answer: Promise<Caller | null> } | null
}

/** Throws `auth.*` failures (401). In `tx` it asks the database, whatever it remembers. */
export type KeyAuthenticator = (headers: IncomingHttpHeaders, tx?: Tx) => Caller | Promise<Caller>

/**
 * Finds the caller by its key. Answers at once from what the database said less than 0.9 s ago and
 * asks again in the background, so the path of an event waits for no look-up and revocation is quick.
 */
export function createAuthenticator(deps: {
  readonly db: Database
  readonly clock: Clock
}): KeyAuthenticator {
  const entries = rememberedKeys()
  const strangers = createGate(STRANGERS_AT_ONCE, {
    waitingMax: STRANGERS_WAITING_MAX,
    refusal: failures.tooManyStrangers,
  })

  const lookUp = (text: string, systemNow: Date): Promise<KeyInUse | null> =>
    deps.db.inTransaction((tx) => selectKeyInUse(tx, hashOfKey(text), systemNow))

  const ask = (text: string, entry: Entry): Promise<Caller | null> => {
    const systemNow = deps.clock()
    const atMs = systemNow.getTime()
    const question = () => lookUp(text, systemNow)
    const answer = (entry.caller ? question() : strangers(question))
      .then((key) => {
        const caller = key ? toCaller(key) : null
        if (atMs >= entry.askedAtMs) Object.assign(entry, { caller, askedAtMs: atMs })
        entries.sort(text, entry)
        return caller
      })
      .finally(() => {
        if (entry.asking?.answer === answer) entry.asking = null
      })
    entry.asking = { atMs, answer }
    return answer
  }

  const remembered = (text: string): Caller | Promise<Caller> => {
    const entry = entries.of(text)
    const nowMs = deps.clock().getTime()
    const { asking } = entry
    if (!isBetween(nowMs - entry.askedAtMs, 0, STALE_MS)) {
      const isFresh = asking && isBetween(nowMs - asking.atMs, 0, STALE_MS)
      return (isFresh ? asking.answer : ask(text, entry)).then(known)
    }
    if (nowMs - entry.askedAtMs >= REFRESH_MS && !asking) ask(text, entry).catch(() => {}) // soon too old: then it is asked for in earnest
    return known(entry.caller)
  }

  return (headers, tx) => {
    const text = credential(headers)
    if (modeOfKey(text) === null) throw failures.keyRefused()
    return tx ? askIn(tx, text, deps.clock()) : remembered(text)
  }
}

async function askIn(tx: Tx, text: string, systemNow: Date): Promise<Caller> {
  const key = await selectKeyInUse(tx, hashOfKey(text), systemNow)
  return known(key && toCaller(key))
}

/**
 * The entries of all keys that were sent lately. Those of valid keys stand apart, so that nobody can
 * push them out by sending a great many keys that are none.
 */
function rememberedKeys() {
  const valid = { entries: new Map<string, Entry>(), max: KEYS_REMEMBERED }
  const others = { entries: new Map<string, Entry>(), max: STRANGERS_REMEMBERED }
  return {
    of(text: string): Entry {
      const found = valid.entries.get(text) ?? others.entries.get(text)
      if (found) return found
      const entry = { caller: null, askedAtMs: Number.NEGATIVE_INFINITY, asking: null }
      remember(others, text, entry)
      return entry
    },

    /** Puts the entry where it belongs by its latest answer. */
    sort(text: string, entry: Entry): void {
      const [from, to] = entry.caller ? [others, valid] : [valid, others]
      from.entries.delete(text)
      if (to.entries.get(text) !== entry) remember(to, text, entry)
    },
  }
}

/** Forgets the one that came first: if it is still used, that costs one look-up. */
function remember(
  { entries, max }: { entries: Map<string, Entry>; max: number },
  text: string,
  entry: Entry,
): void {
  const [oldest] = entries.keys()
  if (entries.size >= max && oldest !== undefined) entries.delete(oldest)
  entries.set(text, entry)
}

function isBetween(value: number, from: number, to: number): boolean {
  return value >= from && value < to
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
  const { eraseAt } = key
  return {
    envId: key.envId,
    organizationId: key.organizationId,
    mode: key.mode,
    actor: { kind: 'key', id: key.id },
    mayNot: eraseAt
      ? () => sessionFailures.organizationDeleted(eraseAt)
      : requestFailures.scopeMissing,
    scopes: new Set(eraseAt ? [] : key.scopes),
    refusesUnknownMeters: key.refusesUnknownMeters,
    environmentNow: (systemNow) => frozenAt ?? new Date(systemNow.getTime() + offsetMs),
  }
}
