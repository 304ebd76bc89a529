import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../platform/db/database.ts'
import { SECURITY_HEADERS } from '../platform/http/answer.ts'
import { type Authenticate, assertMay, type Caller } from '../platform/http/caller.ts'
import type { Logger } from '../platform/log.ts'
import { failures } from './failures.ts'
import { eventReply, type StoredEvent } from './stored-event.ts'
import { selectArrived, selectHorizon } from './stored-events.store.ts'

const POLL_MS = 500
const POLLS_PER_HEARTBEAT = 30 // 15 s: proxies give up on a silent connection after a minute
const EVENTS_MAX = 200 // of an environment at each poll: more than anybody reads
const LISTENERS_MAX = 100
export const TAIL_SCOPE = 'usage:read'

/** Which events somebody wants to see; null: all. */
export type TailFilter = { readonly customerId: string | null; readonly name: string | null }

type Listener = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly envId: number
  readonly filter: TailFilter
  /** Whether it was told that it misses nothing from now on. */
  isLive: boolean
  /** Whether something was left out since the last event that was sent. */
  hasGap: boolean
}

/**
 * Shows events to whoever listens as they are committed, as server-sent events. Asks the database once
 * for all listeners of this process, and only while there are any. It may leave events out, and says so.
 */
export class LiveTail {
  private readonly deps: {
    readonly db: Database
    readonly authenticate: Authenticate
    readonly log: Logger
  }
  private readonly listeners = new Set<Listener>()
  /** By environment, how far its events were read; no entry before the first poll. */
  private positions = new Map<number, string>()
  private isPolling = false

  constructor(deps: { db: Database; authenticate: Authenticate; log: Logger }) {
    this.deps = deps
  }

  /** Throws `usage.tail_full`. */
  listen(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    filter: TailFilter,
  ): void {
    if (this.listeners.size >= LISTENERS_MAX) throw failures.tailFull()
    const listener = {
      ...{ request, response, envId: caller.envId, filter },
      ...{ isLive: false, hasGap: false },
    }
    this.listeners.add(listener)
    response.on('close', () => this.listeners.delete(listener))
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      ...SECURITY_HEADERS,
    })
    response.write('retry: 2000\n\n')
    if (!this.isPolling)
      this.poll().catch((error) => this.deps.log.error({ err: error }, 'the live tail ended'))
  }

  private async poll(): Promise<void> {
    this.isPolling = true
    for (let polls = 1; this.listeners.size > 0; polls++) {
      await this.dismissTheRevoked()
      await this.showArrived().catch((error) => {
        this.deps.log.warn({ err: error }, 'the live tail cannot read') // goes on where it stood
      })
      if (polls % POLLS_PER_HEARTBEAT === 0)
        for (const { response } of this.listeners) response.write(': still here\n\n')
      await sleep(POLL_MS)
    }
    this.isPolling = false
    this.positions.clear()
  }

  /**
   * A key that was revoked sees nothing more, nor does whoever was signed out, removed or demoted. They are
   * forgotten at once: nothing can be written after the end to a connection that takes its time to close.
   */
  private async dismissTheRevoked(): Promise<void> {
    for (const listener of this.listeners) {
      try {
        assertMay(await this.deps.authenticate(listener.request), TAIL_SCOPE)
      } catch {
        this.listeners.delete(listener)
        listener.response.end()
      }
    }
  }

  private async showArrived(): Promise<void> {
    const envIds = new Set(Array.from(this.listeners, (listener) => listener.envId))
    const horizon = await this.deps.db.inTransaction(selectHorizon)
    for (const envId of envIds) {
      const from = this.positions.get(envId)
      if (from !== undefined && from !== horizon) await this.show(envId, { from, to: horizon })
      this.positions.set(envId, horizon)
    }
    for (const envId of this.positions.keys()) if (!envIds.has(envId)) this.positions.delete(envId)
    for (const listener of this.listeners) if (this.positions.has(listener.envId)) sayLive(listener)
  }

  private async show(envId: number, span: { from: string; to: string }): Promise<void> {
    const limit = EVENTS_MAX + 1
    const events = await this.deps.db.inTransaction((tx) =>
      selectArrived(tx, envId, { ...span, limit }),
    )
    for (const listener of this.listeners) {
      if (listener.envId !== envId) continue
      send(listener, events.slice(0, EVENTS_MAX))
      if (events.length > EVENTS_MAX) listener.hasGap = true
    }
  }
}

function sayLive(listener: Listener): void {
  if (!listener.isLive) listener.response.write('event: live\ndata: {}\n\n')
  listener.isLive = true
}

function send(listener: Listener, events: readonly StoredEvent[]): void {
  const { response, filter } = listener
  for (const event of events) {
    if (!matches(event, filter)) continue
    if (response.writableNeedDrain) listener.hasGap = true
    else {
      if (listener.hasGap) response.write('event: gap\ndata: {}\n\n')
      listener.hasGap = false
      response.write(`event: usage\ndata: ${JSON.stringify(eventReply(event))}\n\n`)
    }
  }
}

function matches(event: StoredEvent, { customerId, name }: TailFilter): boolean {
  return (
    (customerId === null || customerId === event.customerId) &&
    (name === null || name === event.name)
  )
}
