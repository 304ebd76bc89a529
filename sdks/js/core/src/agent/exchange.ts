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
import { queryOf, type Scope } from './request-scope.ts'
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
  /** Those of the plainest reading of the path. */
  readonly #rules: readonly MeteringRule[]
  readonly #pointers: readonly string[]
  readonly #readers: BodyReader[] = []
  #isOver = false

  constructor(deps: ExchangeDeps) {
    this.#deps = deps
    this.#rules = deps.refusal === null ? (deps.scope.coverings[0]?.match.route.rules ?? []) : []
    this.#pointers = this.#isKnown ? this.#rules.flatMap(({ captures }) => captures) : []
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
      const { startedMs, stopwatch, onSeen } = this.#deps
      const durationMs = Math.round((stopwatch() - startedMs) * 1_000) / 1_000
      onSeen(this.#seen(outgoing, durationMs))
      if (this.#isKnown) this.#measure(outgoing, durationMs)
    })
  }

  get #isKnown(): boolean {
    return this.#deps.scope.identity.kind === 'customer'
  }

  #seen({ status, route, requestBytes, responseBytes }: Outgoing, durationMs: number): Seen {
    const { incoming, scope, at } = this.#deps
    const userAgent = incoming.headers['user-agent']
    return {
      ...{ at, method: incoming.method, route, status: status ?? GONE, durationMs },
      ...{ requestBytes, responseBytes },
      customerId: this.#isKnown ? scope.identity.id : null,
      clientAddress: incoming.clientAddress ?? null,
      userAgent: typeof userAgent === 'string' ? userAgent : null,
      queryNames: queryNames(queryOf(incoming.target)),
      unmetered: !this.#isKnown && this.#due(status).length > 0 ? 1 : 0,
    }
  }

  #due(status: number | null): readonly MeteringRule[] {
    const statusClass = `${Math.floor((status ?? GONE) / 100)}xx`
    return this.#rules.filter(({ when }) => when.includes(statusClass))
  }

  #measure(outgoing: Outgoing, durationMs: number): void {
    const { incoming, scope, at, onMeasured } = this.#deps
    const due = this.#due(outgoing.status)
    if (due.length === 0) return
    const captured = this.#captured(outgoing, durationMs)
    const metadata = redact(outgoing.metadata, null).metadata
    for (const { id, captures, isSummable } of due) {
      const found = captures.flatMap((pointer) => {
        const value = captured[pointer]
        return value === undefined ? [] : [[pointer, value] as const]
      })
      onMeasured(
        {
          ...{ ruleId: id, customerId: scope.identity.id, timestamp: at.toISOString() },
          ...{ method: incoming.method, route: outgoing.route },
          ...{ fields: Object.fromEntries(found), metadata },
        },
        isSummable,
      )
    }
  }

  #captured(outgoing: Outgoing, durationMs: number): Captured {
    if (this.#pointers.length === 0) return {}
    const { incoming, scope } = this.#deps
    const { method, headers, target } = incoming
    const { requestBytes, responseBytes, route, metadata } = outgoing
    const params = outgoing.params
      ? new Map(Object.entries(outgoing.params))
      : (scope.coverings[0]?.match.params ?? new Map())
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
