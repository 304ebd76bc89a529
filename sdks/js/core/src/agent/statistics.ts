import { bucketOf, type Identity } from '@usageflow/policy'
import type { LimitName } from './limit-state.ts'
import type { Outcome } from './limiter.ts'

/** One request, when it is over. Nothing else is collected of it. */
export type Seen = {
  readonly at: Date
  readonly method: string
  readonly route: string | null
  readonly status: number
  readonly durationMs: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly customerId: string | null
  readonly clientAddress: string | null
  readonly userAgent: string | null
  readonly queryNames: readonly string[]
  /** By how many rules it would have been metered, had anybody been known. */
  readonly unmetered: number
}

type Row = {
  readonly minute: string
  readonly method: string
  readonly route: string | null
  readonly customerId: string | null
  requests: number
  unmetered: number
  readonly statuses: Record<string, number>
  readonly latency: Record<string, number>
  requestBytes: number
  responseBytes: number
}

type DecisionRow = {
  readonly minute: string
  readonly policyId?: string
  readonly pattern?: string
  readonly limit: string
  readonly mode: 'enforce' | 'shadow'
  readonly identity: Identity | null
  refused: number
  allowedWithoutAnswer: number
  refusedWithoutAnswer: number
}

/** What a report says of a while. */
export type Gathered = {
  readonly routes: readonly { readonly method: string; readonly route: string }[]
  readonly statistics: readonly Row[]
  readonly decisions: readonly DecisionRow[]
  readonly samples: readonly object[]
}

const ROWS_MAX = 2_000
const ROUTES_MAX = 500
const SAMPLES_MAX = 100
const SAMPLES_PER_SECOND = 5
const USER_AGENT_LENGTH_MAX = 500
const QUERY_NAMES_MAX = 50

/** Counts what is reported, until it is taken. It never takes more room than a report may have. */
export class Statistics {
  readonly #known = new Set<string>()
  #rows = new Map<string, Row>()
  #decisions = new Map<string, DecisionRow>()
  #samples: object[] = []
  #routes: { method: string; route: string }[] = []
  #second = 0
  #inSecond = 0

  get isEmpty(): boolean {
    return this.#rows.size + this.#decisions.size === 0
  }

  seen(seen: Seen): void {
    const route = this.#routeOf(seen)
    const row = this.#rowOf({ ...seen, route })
    row.requests += 1
    row.unmetered += seen.unmetered
    addTo(row.statuses, String(seen.status), 1)
    addTo(row.latency, String(bucketOf(seen.durationMs * 1_000)), 1)
    row.requestBytes += seen.requestBytes
    row.responseBytes += seen.responseBytes
    this.#sample({ ...seen, route })
  }

  /** Notes what is more than an ordinary yes. */
  decided({ check, is }: Outcome, at: Date): void {
    if (is === 'allowed') return
    const mode = check.isShadow ? 'shadow' : 'enforce'
    const row = this.#decisionOf({ ...toldOf(check.limit), mode, identity: check.identity }, at)
    if (is === 'refused') row.refused += 1
    else if (is === 'allowed_without_answer') row.allowedWithoutAnswer += 1
    else row.refusedWithoutAnswer += 1
  }

  blocked(identity: Identity, at: Date): void {
    this.#decisionOf({ limit: 'block', mode: 'enforce', identity }, at).refused += 1
  }

  take(): Gathered {
    const gathered = {
      routes: this.#routes,
      statistics: [...this.#rows.values()],
      decisions: [...this.#decisions.values()],
      samples: this.#samples,
    }
    this.#rows = new Map()
    this.#decisions = new Map()
    this.#samples = []
    this.#routes = []
    return gathered
  }

  /** Null beyond so many: who has a route for each address would take all room there is. */
  #routeOf({ method, route }: Seen): string | null {
    if (route === null) return null
    const key = `${method} ${route}`
    if (this.#known.has(key)) return route
    if (this.#known.size >= ROUTES_MAX) return null
    this.#known.add(key)
    this.#routes.push({ method, route })
    return route
  }

  #rowOf({ at, method, route, customerId }: Seen): Row {
    const minute = minuteOf(at)
    const keyFor = (id: string | null) => JSON.stringify([minute, method, route, id])
    const isRoom = this.#rows.size < ROWS_MAX || this.#rows.has(keyFor(customerId))
    const id = isRoom ? customerId : null
    return inMap(this.#rows, keyFor(id), () => ({
      ...{ minute, method, route, customerId: id, requests: 0, unmetered: 0 },
      ...{ statuses: {}, latency: {}, requestBytes: 0, responseBytes: 0 },
    }))
  }

  #decisionOf(
    of: Pick<DecisionRow, 'policyId' | 'pattern' | 'limit' | 'mode' | 'identity'>,
    at: Date,
  ): DecisionRow {
    const minute = minuteOf(at)
    const whole = { minute, ...of }
    const isRoom = this.#decisions.size < ROWS_MAX || this.#decisions.has(JSON.stringify(whole))
    const told = isRoom ? whole : { ...whole, identity: null }
    return inMap(this.#decisions, JSON.stringify(told), () => ({
      ...told,
      ...{ refused: 0, allowedWithoutAnswer: 0, refusedWithoutAnswer: 0 },
    }))
  }

  #sample({ unmetered, at, userAgent, queryNames, ...seen }: Seen): void {
    const second = Math.floor(at.getTime() / 1_000)
    if (second !== this.#second) this.#inSecond = 0
    this.#second = second
    if (this.#inSecond >= SAMPLES_PER_SECOND || this.#samples.length >= SAMPLES_MAX) return
    this.#inSecond += 1
    this.#samples.push({
      ...{ at: at.toISOString(), ...seen },
      userAgent: userAgent?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
      queryNames: queryNames.slice(0, QUERY_NAMES_MAX),
    })
  }
}

function toldOf(limit: LimitName): { policyId?: string; pattern?: string; limit: string } {
  if ('policyId' in limit) return { policyId: limit.policyId, limit: limit.name }
  return { pattern: limit.pattern, limit: limit.pattern }
}

function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 17)}00.000Z`
}

function addTo(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count
}

function inMap<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
