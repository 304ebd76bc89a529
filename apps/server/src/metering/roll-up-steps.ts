import { monotonicMs } from '../platform/clock.ts'
import { sqlState } from '../platform/db/database.ts'
import { backFill } from './back-fill.ts'
import {
  type Mark,
  selectMark,
  selectWaiting,
  summarizeEvents,
  type Waiting,
} from './cursors.store.ts'
import { indexCustomers } from './customer-index.ts'
import { remember } from './marks.ts'
import { type RollUpDeps, rollUp } from './roll-up.ts'

/** What one worker has done since it began. */
export type RollUpStats = {
  readonly turns: number
  readonly events: number
  readonly lastTurnMs: number
}

const PAUSE_MS = 250
const PAUSE_MS_MAX = 1_500 // longer turns touch each bucket less often, but nobody shall wait for more
const SHARE = 10 // a worker folds a tenth of the time at most, until it would get 1.5 s behind
const CALM_TURN_MS = 300 // a longer turn means load: then what is less urgent waits,
const INDEX_LAG_MS_MAX = 60_000 // but not for ever
const SUMMARY_EVENTS = 20_000 // until then the cursor reads them again with every turn, in 3 ms
const LOCK_NOT_AVAILABLE = '55P03'

/** Knows what to do next, and what it has done. */
export type RollUpSteps = {
  /** Does one thing, or nothing, and resolves to how long to pause after it, in ms. */
  step(): Promise<number>
  /** Lets the next step look for work. */
  hurry(): void
  stats(): RollUpStats
}

/** The steps of one worker: a turn of the roll-up whenever it is time, and between turns the rest. */
export function rollUpSteps(deps: RollUpDeps): RollUpSteps {
  const memory = {
    stats: { turns: 0, events: 0, lastTurnMs: 0 },
    nextTurnAt: 0,
    /** No transaction that writes had begun since then, when last looked. */
    lastSeen: null as bigint | null,
    waiting: { rollUp: false, customerIndex: false, backFill: false } as Waiting,
    marks: [] as Mark[],
    indexMarks: [] as Mark[],
    foldedAsOf: 0,
    indexedAsOf: 0,
    /** The first turn has the indexes looked at as a whole. */
    unsummarized: { fromBlock: 0n, events: SUMMARY_EVENTS },
  }

  const turn = async (): Promise<void> => {
    const startedAt = monotonicMs()
    if (memory.unsummarized.events >= SUMMARY_EVENTS) await summarize()
    memory.waiting = await deps.db.inTransaction(selectWaiting)
    const done = memory.waiting.rollUp ? await rollUp(deps, memory.marks) : null
    const tookMs = monotonicMs() - startedAt
    const paceMs = Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS, SHARE * tookMs))
    memory.nextTurnAt = startedAt + (done?.isCut ? 0 : paceMs)
    memory.stats.lastTurnMs = tookMs
    if (!done) return
    memory.stats.turns += 1
    memory.stats.events += done.events
    memory.foldedAsOf = done.asOf.getTime()
    memory.unsummarized.events += done.events
  }

  /** Whether nobody has begun to write since the last look: then there is nothing more to wait for. */
  const isQuiet = async (): Promise<boolean> => {
    const mark = await deps.db.inTransaction(selectMark)
    remember(memory.marks, mark)
    const isSame = mark.next === memory.lastSeen
    memory.lastSeen = mark.next
    return isSame
  }

  const isCalm = () => memory.stats.lastTurnMs < CALM_TURN_MS

  const mayIndex = () =>
    memory.waiting.customerIndex &&
    (isCalm() || memory.foldedAsOf - memory.indexedAsOf > INDEX_LAG_MS_MAX)

  const index = async (): Promise<void> => {
    const done = await indexCustomers(deps, memory.indexMarks)
    memory.waiting = { ...memory.waiting, customerIndex: done?.isCut ?? false }
    if (done) memory.indexedAsOf = done.asOf.getTime()
  }

  const summarize = async (): Promise<void> => {
    memory.unsummarized.events = 0
    const { fromBlock } = memory.unsummarized
    memory.unsummarized.fromBlock = await deps.db
      .inTransaction((tx) => summarizeEvents(tx, fromBlock))
      .catch((error) => {
        if (sqlState(error) === LOCK_NOT_AVAILABLE) return fromBlock // a vacuum is at it, and does the same
        throw error
      })
  }

  return {
    stats: () => ({ ...memory.stats }),
    hurry: () => {
      memory.nextTurnAt = 0
    },
    async step() {
      const spareMs = memory.nextTurnAt - monotonicMs()
      if (spareMs <= 0) await turn()
      else if (memory.waiting.backFill && isCalm())
        memory.waiting = { ...memory.waiting, backFill: await backFill(deps) }
      else if (mayIndex()) await index()
      else if (spareMs <= PAUSE_MS) return spareMs
      else if (await isQuiet()) await turn()
      else return PAUSE_MS
      return 0
    },
  }
}
