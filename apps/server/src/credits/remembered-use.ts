import { setTimeout as sleep } from 'node:timers/promises'
import type { Decimal } from '@usageflow/pricing'
import { touchedSince } from '../metering/fresh-usage.ts'
import { foldedUpTo } from '../metering/total.ts'
import type { Stopwatch } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { createGate } from '../platform/gate.ts'
import { selectLedgerVersion } from './access.store.ts'
import type { UnsettledUse } from './balance.ts'

/** What usage that is not invoiced yet takes of grants, and the version of the ledger that it was computed with. */
export type KnownUse = {
  readonly ledgerVersion: string
  readonly used: ReadonlyMap<string, Decimal>
}

/** Answers at once from what was computed a moment ago, where that is good enough. */
export type RememberedUse = {
  /** By preference with the ledger at `ledgerVersion`; where that has just changed, with one nearby. */
  of(envId: number, customer: string, ledgerVersion: string): Promise<KnownUse>
  /** Computed now, and read at the same instant. Slow. */
  atOnce<T>(
    envId: number,
    customer: string,
    read: (tx: Tx) => Promise<T>,
  ): Promise<{ readonly read: T; readonly used: KnownUse['used'] }>
}

const LOOK_MS = 250 // between two looks for new usage
const LOOKED_MS_MAX = 500 // nothing is believed that was not looked after for so long
const DIRTY_MS_MAX = 1_000 // how long an answer without the newest usage is given
const DIRTY_MS = DIRTY_MS_MAX / 2 // until a better one is computed: whoever uses all the time is not computed all the time
const RENEWED_MS = 30_000 // terms may have changed without any usage; who pays, and whether at all, is not remembered
const ASKED_LATELY_MS = 60_000 // new usage of others is computed when they are asked about
const REST = 3 // times what a computation took: computing ahead takes a quarter of one processor at most
const CUSTOMERS_MAX = 20_000
const AT_ONCE = 4 // so that most connections are left to those who only read

type Entry = {
  readonly envId: number
  readonly customer: string
  askedAtMs: number
  known: KnownUse | null
  computedAtMs: number
  /** Since when usage is counted that it does not have; null: it has all. */
  dirtyAtMs: number | null
  /** How often usage was found that it may not have. */
  marks: number
  computing: Promise<KnownUse> | null
}

/**
 * Remembers what is computed from a customer's open periods, which is slow, until its ledger has changed or
 * usage of it was counted: another version of the ledger is computed at once, new usage within about a second.
 * For those who were asked about lately it is computed ahead, so that nobody waits who asks before each call.
 */
export function rememberUse(deps: {
  readonly db: Database
  readonly unsettledUse: UnsettledUse
  readonly stopwatch: Stopwatch
}): RememberedUse {
  const { db, stopwatch } = deps
  const entries = new Map<string, Entry>()
  const gate = createGate(AT_ONCE)

  const atOnce: RememberedUse['atOnce'] = (envId, customer, read) =>
    gate(() =>
      db.kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => ({
          read: await read(tx),
          used: await deps.unsettledUse(tx, envId, customer),
        })),
    )

  const compute = async (envId: number, customer: string): Promise<KnownUse> => {
    const version = (tx: Tx) => selectLedgerVersion(tx, envId, customer)
    const { read: ledgerVersion, used } = await atOnce(envId, customer, version)
    return { ledgerVersion, used }
  }

  const renew = (entry: Entry): Promise<KnownUse> => {
    const startedAtMs = stopwatch()
    const { marks } = entry
    const computing = compute(entry.envId, entry.customer)
      .then((known) => {
        const dirtyAtMs = entry.marks === marks ? null : startedAtMs // marked meanwhile: it may not have that
        Object.assign(entry, { known, computedAtMs: startedAtMs, dirtyAtMs })
        return known
      })
      .catch((error: unknown) => {
        entry.known = null
        throw error
      })
      .finally(() => {
        if (entry.computing === computing) entry.computing = null
      })
    entry.computing = computing
    return computing
  }

  const renewSoon = renewAhead(renew, stopwatch)
  const looker = lookAfter(db, entries, { stopwatch, onMarked: renewSoon })

  return {
    atOnce,
    async of(envId, customer, ledgerVersion) {
      await looker.looked()
      const entry = entryOf(entries, envId, customer)
      const { known } = entry
      const nowMs = stopwatch()
      entry.askedAtMs = nowMs
      if (known?.ledgerVersion !== ledgerVersion || isTooOld(entry, nowMs)) {
        return entry.computing ?? renew(entry)
      }
      if (isAging(entry, nowMs) && !entry.computing) renewSoon([entry])
      return known
    },
  }
}

/**
 * Takes entries that lack usage or have grown old, and renews those that were asked about lately: one at a time, as
 * what was first asked about at once grows old at once. Old ones are for when none lacks usage for long enough.
 */
function renewAhead(renew: (entry: Entry) => Promise<KnownUse>, stopwatch: Stopwatch) {
  const dirty = new Set<Entry>()
  const old = new Set<Entry>()
  let isAtIt = false

  const dueInMs = ({ dirtyAtMs }: Entry): number => (dirtyAtMs ?? 0) + DIRTY_MS - stopwatch()

  const next = (): Entry | undefined => {
    const [lacking] = dirty
    const [aged] = old
    if (lacking && (!aged || dueInMs(lacking) <= 0)) return lacking
    return aged
  }

  const work = async (): Promise<void> => {
    for (let entry = next(); entry; entry = next()) {
      if (dirty.delete(entry)) await pause(dueInMs(entry))
      old.delete(entry)
      const startedAtMs = stopwatch()
      const isAsked = startedAtMs - entry.askedAtMs <= ASKED_LATELY_MS
      const isFresh = entry.dirtyAtMs === null && !isAging(entry, startedAtMs)
      if (!isAsked || entry.computing !== null || isFresh) continue
      await renew(entry).catch(() => {}) // whoever asks next computes it, or is told
      await pause((stopwatch() - startedAtMs) * REST)
    }
  }

  return (entries: readonly Entry[]): void => {
    for (const entry of entries) (entry.dirtyAtMs === null ? old : dirty).add(entry)
    if (isAtIt) return
    isAtIt = true
    void work().finally(() => {
      isAtIt = false
    })
  }
}

/** Keeps no process from its end. */
async function pause(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { ref: false })
}

function keyOf(envId: number, customer: string): string {
  return `${envId} ${customer}`
}

function isAging({ dirtyAtMs, computedAtMs }: Entry, nowMs: number): boolean {
  const isDirty = dirtyAtMs !== null && nowMs - dirtyAtMs > DIRTY_MS
  return isDirty || nowMs - computedAtMs > RENEWED_MS
}

function isTooOld({ dirtyAtMs, computedAtMs }: Entry, nowMs: number): boolean {
  const isDirty = dirtyAtMs !== null && nowMs - dirtyAtMs > DIRTY_MS_MAX
  return isDirty || nowMs - computedAtMs > 2 * RENEWED_MS
}

function entryOf(entries: Map<string, Entry>, envId: number, customer: string): Entry {
  const key = keyOf(envId, customer)
  const found = entries.get(key)
  if (found) return found
  const [oldest] = entries.keys()
  if (entries.size >= CUSTOMERS_MAX && oldest !== undefined) entries.delete(oldest)
  const nothing = { known: null, computedAtMs: 0, dirtyAtMs: null, marks: 0, computing: null }
  const entry = { envId, customer, askedAtMs: 0, ...nothing }
  entries.set(key, entry)
  return entry
}

/** Marks what new usage was counted for. Looks for as long as somebody asks, and not otherwise. */
function lookAfter(
  db: Database,
  entries: ReadonlyMap<string, Entry>,
  { stopwatch, onMarked }: { stopwatch: Stopwatch; onMarked: (marked: readonly Entry[]) => void },
) {
  let position: bigint | null = null
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let askedAtMs = 0
  let looking: Promise<void> | null = null
  let isLookingOn = false

  const look = async (): Promise<void> => {
    const startedAtMs = stopwatch()
    const from = position
    const found = await db.inTransaction((tx) =>
      from === null ? foldedUpTo(tx).then(everybody) : touchedSince(tx, from),
    )
    const sinceMs = from === null ? startedAtMs : lookedAtMs // right after the last look, for all we know
    const marked = touchedEntries(found.touched, entries)
    for (const entry of marked) {
      entry.dirtyAtMs ??= sinceMs
      entry.marks += 1
    }
    position = found.position
    lookedAtMs = startedAtMs
    onMarked(marked)
  }

  const begin = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = null
    })
    return looking
  }

  /** So that usage is found, and computed, before somebody is asked about who is seldom asked about. */
  const lookOn = async (): Promise<void> => {
    while (stopwatch() - askedAtMs <= ASKED_LATELY_MS) {
      await pause(LOOK_MS)
      await begin()
    }
  }

  return {
    /** Resolves when all is marked that was counted until a moment ago. */
    async looked(): Promise<void> {
      askedAtMs = stopwatch()
      if (!isLookingOn) {
        isLookingOn = true
        void lookOn()
          .catch(() => {}) // whoever asks next looks, or is told
          .finally(() => {
            isLookingOn = false
          })
      }
      if (askedAtMs - lookedAtMs > LOOKED_MS_MAX) await begin()
    },
  }
}

function everybody({ position }: { readonly position: bigint }) {
  return { position, touched: null }
}

function touchedEntries(
  touched: Awaited<ReturnType<typeof touchedSince>>['touched'],
  entries: ReadonlyMap<string, Entry>,
): Entry[] {
  if (touched === null) return [...entries.values()]
  return touched.flatMap(({ envId, customer }) => entries.get(keyOf(envId, customer)) ?? [])
}
