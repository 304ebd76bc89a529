import type { ServerResponse } from 'node:http'
import type { Database } from '../platform/db/database.ts'
import type { Logger } from '../platform/log.ts'
import { type Loop, runLoop } from '../platform/loop.ts'
import { selectVersions } from './versions.store.ts'

const LOOK_MS = 500
const WAITING_MAX = 2_000

/** Why nobody waits any longer: something else holds, nothing does and it was long enough, or nobody is there anymore. */
export type WaitEnd =
  | { readonly why: 'changed'; readonly version: number }
  | { readonly why: 'over' }
  | { readonly why: 'gone' }

const OVER: WaitEnd = { why: 'over' }
const GONE: WaitEnd = { why: 'gone' }

type Waiting = {
  readonly envId: number
  /** What who waits knows already. */
  readonly version: number
  end(how: WaitEnd): void
}

/**
 * Lets requests wait until something else holds in their environment. Asks the database once for all who wait
 * in this process, every half second, and only while anybody does; it holds no connection in between.
 */
export class ChangeWatch {
  private readonly db: Database
  private readonly waitingMax: number
  private readonly waiting = new Set<Waiting>()
  private readonly loop: Loop
  private isStopped = false

  constructor(deps: { db: Database; log: Logger; waitingMax?: number }) {
    this.db = deps.db
    this.waitingMax = deps.waitingMax ?? WAITING_MAX
    this.loop = runLoop(() => this.look(), deps.log)
  }

  /** How many wait at the moment. */
  get size(): number {
    return this.waiting.size
  }

  /** Resolves after `waitMs` at the latest, and at once when as many wait as may, or the program is stopping. */
  until(
    known: { readonly envId: number; readonly version: number },
    waitMs: number,
    response: ServerResponse,
  ): Promise<WaitEnd> {
    if (response.destroyed) return Promise.resolve(GONE)
    if (this.isStopped || this.waiting.size >= this.waitingMax) return Promise.resolve(OVER)
    return new Promise((resolve) => {
      const gone = () => waiting.end(GONE)
      const timer = setTimeout(() => waiting.end(OVER), waitMs)
      const waiting: Waiting = {
        ...known,
        end: (how) => {
          clearTimeout(timer)
          response.off('close', gone)
          this.waiting.delete(waiting)
          resolve(how)
        },
      }
      response.once('close', gone)
      this.waiting.add(waiting)
    })
  }

  /** Lets go of all who wait. */
  async stop(): Promise<void> {
    this.isStopped = true
    for (const waiting of this.waiting) waiting.end(OVER)
    await this.loop.stop()
  }

  private async look(): Promise<number> {
    if (this.waiting.size === 0) return LOOK_MS
    const envIds = new Set(Array.from(this.waiting, ({ envId }) => envId))
    const versions = await this.db.inTransaction((tx) => selectVersions(tx, [...envIds]))
    for (const waiting of this.waiting) {
      const version = versions.get(waiting.envId) // undefined: came while we looked
      if (version !== undefined && version !== waiting.version)
        waiting.end({ why: 'changed', version })
    }
    return LOOK_MS
  }
}
