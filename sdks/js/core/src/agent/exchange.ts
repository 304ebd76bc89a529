import {
  type BodyReader,
  type Captured,
  capture,
  openBody,
  queryNames,
  redact,
} from '@usageflow/policy'
import type { MeteringRule } from './control-document.ts'
import type { Begun, BodyWatcher, Incoming, Outgoing, Refusal } from './host.ts'
import { type Covering, queryOf, type Scope } from './request-scope.ts'
import type { Seen } from './statistics.ts'
import type { Measured } from './usage-outbox.ts'

export type ExchangeDeps = {
  readonly incoming: Incoming
  readonly scope: Scope
  readonly refusal: Refusal | null
  readonly headers: Readonly<Record<string, string>>
  /** When it began. */
  readonly at: Date
  readonly startedMs: number
  stopwatch(): number
  /** Told when it is over. */
  onSeen(seen: Seen): void
  onMeasured(measured: Measured, isSummable: boolean): void
  onError(error: unknown): void
}

const BODY_BYTES_MAX = 1024 * 1024
/** Of a request whose client did not wait for the answer; many servers say so. */
const GONE = 499

/** A request between its beginning and its end. Nothing here throws into the host. */
export class Exchange implements Begun {
  readonly #deps: ExchangeDeps
  /** Of all policies that cover the path: which of them counts is known when it is over. */
  readonly #pointers: readonly string[]
  readonly #readers: BodyReader[] = []
  #isOver = false

  constructor(deps: ExchangeDeps) {
    this.#deps = deps
    const metered = deps.refusal === null ? deps.scope.coverings.filter(isKnown) : []
    const captures = metered.flatMap(({ match }) =>
      match.route.rules.flatMap((rule) => rule.captures),
    )
    this.#pointers = captures.length === 0 ? captures : [...new Set(captures)]
  }

  get refusal(): Refusal | null {
    return this.#deps.refusal
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#deps.headers
  }

  watch(
    side: 'request' | 'response',
    contentType: string,
    contentEncoding: string,
  ): BodyWatcher | null {
    if (this.#pointers.length === 0) return null
    const reader = openBody(this.#pointers, { side, contentType, contentEncoding })
    if (reader === null) return null
    this.#readers.push(reader)
    return { push: (chunk) => this.#safely(() => reader.push(chunk)) }
  }

  end(outgoing: Outgoing): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#safely(() => {
      const { startedMs, stopwatch, scope, onSeen } = this.#deps
      const durationMs = Math.round((stopwatch() - startedMs) * 1_000) / 1_000
      const counting = scope.counting(outgoing.route)
      onSeen(this.#seen(outgoing, durationMs, counting))
      if (counting !== undefined && isKnown(counting)) this.#measure(outgoing, durationMs, counting)
    })
  }

  #seen(outgoing: Outgoing, durationMs: number, counting: Covering | undefined): Seen {
    const { incoming, scope, at } = this.#deps
    const { status, route, requestBytes, responseBytes } = outgoing
    const identity = counting?.identity ?? scope.identity
    const isCustomer = identity.kind === 'customer'
    const userAgent = incoming.headers['user-agent']
    return {
      ...{ at, method: incoming.method, route, status: status ?? GONE, durationMs },
      ...{ requestBytes, responseBytes },
      customerId: isCustomer ? identity.id : null,
      clientAddress: incoming.clientAddress ?? null,
      userAgent: typeof userAgent === 'string' ? userAgent : null,
      queryNames: queryNames(queryOf(incoming.target)),
      unmetered: !isCustomer && this.#due(status, counting).length > 0 ? 1 : 0,
    }
  }

  #due(status: number | null, counting: Covering | undefined): readonly MeteringRule[] {
    if (this.#deps.refusal !== null || counting === undefined) return []
    const statusClass = `${Math.floor((status ?? GONE) / 100)}xx`
    return counting.match.route.rules.filter(({ when }) => when.includes(statusClass))
  }

  #measure(outgoing: Outgoing, durationMs: number, counting: Covering): void {
    const { incoming, at, onMeasured } = this.#deps
    const due = this.#due(outgoing.status, counting)
    if (due.length === 0) return
    const captured = this.#captured(outgoing, durationMs, counting)
    const metadata = redact(outgoing.metadata, null).metadata
    for (const { id, captures, isSummable } of due) {
      const found = captures.flatMap((pointer) => {
        const value = captured[pointer]
        return value === undefined ? [] : [[pointer, value] as const]
      })
      onMeasured(
        {
          ...{ ruleId: id, customerId: counting.identity.id, timestamp: at.toISOString() },
          ...{ method: incoming.method, route: outgoing.route },
          ...{ fields: Object.fromEntries(found), metadata },
        },
        isSummable,
      )
    }
  }

  #captured(outgoing: Outgoing, durationMs: number, { match }: Covering): Captured {
    if (this.#pointers.length === 0) return {}
    const { incoming } = this.#deps
    const { method, headers, target } = incoming
    const { requestBytes, responseBytes, route, metadata } = outgoing
    const params = outgoing.params ? new Map(Object.entries(outgoing.params)) : match.params
    const body = requestBytes > BODY_BYTES_MAX ? undefined : (outgoing.body ?? incoming.body)
    const asked = {
      method,
      route,
      headers,
      query: queryOf(target),
      params,
      body,
      bytes: requestBytes,
    }
    const response = {
      status: outgoing.status ?? GONE,
      headers: outgoing.headers,
      bytes: responseBytes,
    }
    const whole = { request: asked, response: { ...response, durationMs }, metadata }
    return Object.assign(
      capture(this.#pointers, whole),
      ...this.#readers.map((reader) => reader.end()),
    )
  }

  #safely(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#deps.onError(error)
    }
  }
}

function isKnown({ identity }: Covering): boolean {
  return identity.kind === 'customer'
}
