import { bucketOf, COLLECTED_FIELDS, type Identity, redact } from '@usageflow/policy'
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

/** Of each kind in a report. Beyond it callers are not told apart. */
const ROWS_MAX = 2_000
const ROWS_KEPT_MAX = 4_000 // of hours without an answer; what is beyond is not counted
const LIST_BYTES_MAX = 300_000 // of rows of each kind, and of samples, so that a report stays below 1 MiB
const ROUTES_MAX = 500
const TOLD_MAX = 1_000 // of those a framework has, asked or not: what a report takes
const ROUTE_BYTES_MAX = 100_000 // beside the rows
const SAMPLES_MAX = 100
const SAMPLES_PER_SECOND = 5
const MINUTE_MS = 60_000
const USER_AGENT_LENGTH_MAX = 500
const ADDRESS_LENGTH_MAX = 100
const QUERY_NAME_LENGTH_MAX = 100
const QUERY_NAMES_MAX = 20

/** Counts what is reported, until it is taken. Bounded, whatever comes and however long nobody takes it. */
export class Statistics {
  readonly #known = new Set<string>()
  readonly #told = new Set<string>()
  readonly #rows = new Map<string, Row>()
  readonly #decisions = new Map<string, DecisionRow>()
  #samples: object[] = []
  #sampleBytes = 0
  readonly #routes: { method: string; route: string }[] = []
  #second = 0
  #inSecond = 0

  get isEmpty(): boolean {
    return this.#rows.size + this.#decisions.size + this.#routes.length === 0
  }

  /** Takes note of routes, whether anybody asks them or not. False if none is new. */
  learn(routes: readonly { readonly method: string; readonly url: string }[]): boolean {
    const before = this.#routes.length
    for (const { method, url } of routes) this.#tell(method, url)
    return this.#routes.length > before
  }

  seen(seen: Seen): void {
    const route = this.#routeOf(seen)
    const row = this.#rowOf(seen, route)
    if (row !== null) count(row, seen)
    if (this.#isSampled(seen.at)) this.#sample({ ...seen, route })
  }

  /** Notes what is more than an ordinary yes. */
  decided({ check, is }: Outcome, at: Date): void {
    if (is === 'allowed') return
    const mode = check.isShadow ? 'shadow' : 'enforce'
    const row = this.#decisionOf({ ...toldOf(check.limit), mode, identity: check.identity }, at)
    if (row === null) return
    if (is === 'refused') row.refused += 1
    else if (is === 'allowed_without_answer') row.allowedWithoutAnswer += 1
    else row.refusedWithoutAnswer += 1
  }

  blocked(identity: Identity, at: Date): void {
    const row = this.#decisionOf({ limit: 'block', mode: 'enforce', identity }, at)
    if (row !== null) row.refused += 1
  }

  /** What a report has room for; the rest is for the next. */
  take(): Gathered {
    const gathered = {
      routes: this.#takenRoutes(),
      statistics: taken(this.#rows),
      decisions: taken(this.#decisions),
      samples: this.#samples,
    }
    this.#samples = []
    this.#sampleBytes = 0
    return gathered
  }

  /** Null beyond so many: who has a route for each address would take all room there is. */
  #routeOf({ method, route }: Seen): string | null {
    if (route === null) return null
    const key = `${method} ${route}`
    if (this.#known.has(key)) return route
    if (this.#known.size >= ROUTES_MAX) return null
    this.#known.add(key)
    this.#tell(method, route)
    return route
  }

  #tell(method: string, route: string): void {
    const key = `${method} ${route}`
    if (this.#told.has(key) || this.#told.size >= TOLD_MAX) return
    this.#told.add(key)
    this.#routes.push({ method, route })
  }

  #takenRoutes(): Gathered['routes'] {
    let bytes = 0
    const full = this.#routes.findIndex((route, at) => {
      bytes += bytesOf(route)
      return at > 0 && bytes > ROUTE_BYTES_MAX
    })
    return this.#routes.splice(0, full < 0 ? this.#routes.length : full)
  }

  #rowOf({ at, method, customerId }: Seen, route: string | null): Row | null {
    const minute = Math.floor(at.getTime() / MINUTE_MS)
    const keyFor = (id: string | null) => JSON.stringify([minute, method, route, id])
    const own = keyFor(customerId)
    const isRoom = this.#rows.size < ROWS_MAX || this.#rows.has(own)
    const id = isRoom ? customerId : null
    return inBounds(this.#rows, isRoom ? own : keyFor(null), () => ({
      ...{ minute: minuteOf(at), method, route, customerId: id, requests: 0, unmetered: 0 },
      ...{ statuses: {}, latency: {}, requestBytes: 0, responseBytes: 0 },
    }))
  }

  #decisionOf(
    of: Pick<DecisionRow, 'policyId' | 'pattern' | 'limit' | 'mode' | 'identity'>,
    at: Date,
  ): DecisionRow | null {
    const minute = minuteOf(at)
    const whole = { minute, ...of }
    const isRoom = this.#decisions.size < ROWS_MAX || this.#decisions.has(JSON.stringify(whole))
    const told = isRoom ? whole : { ...whole, identity: null }
    return inBounds(this.#decisions, JSON.stringify(told), () => ({
      ...told,
      ...{ refused: 0, allowedWithoutAnswer: 0, refusedWithoutAnswer: 0 },
    }))
  }

  #isSampled(at: Date): boolean {
    const second = Math.floor(at.getTime() / 1_000)
    if (second !== this.#second) this.#inSecond = 0
    this.#second = second
    return this.#inSecond < SAMPLES_PER_SECOND && this.#samples.length < SAMPLES_MAX
  }

  #sample(seen: Seen): void {
    this.#inSecond += 1
    const sample = sampleOf(seen)
    this.#sampleBytes += bytesOf(sample)
    if (this.#sampleBytes <= LIST_BYTES_MAX) this.#samples.push(sample)
  }
}

/** Without what looks like a secret, wherever a client has put it, and without what the server cannot hold. */
function sampleOf({ unmetered, at, userAgent, queryNames, clientAddress, ...seen }: Seen): object {
  const isShort = (name: string) => name.length <= QUERY_NAME_LENGTH_MAX
  const names = queryNames.filter(isShort).slice(0, QUERY_NAMES_MAX)
  const { metadata: kept } = redact({ userAgent, queryNames: names }, COLLECTED_FIELDS)
  return {
    ...{ at: at.toISOString(), ...seen },
    clientAddress: clientAddress?.slice(0, ADDRESS_LENGTH_MAX) ?? null,
    userAgent: (kept.userAgent as typeof userAgent)?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
    queryNames: kept.queryNames,
  }
}

function count(row: Row, seen: Seen): void {
  row.requests += 1
  row.unmetered += seen.unmetered
  addTo(row.statuses, String(seen.status), 1)
  addTo(row.latency, String(bucketOf(seen.durationMs * 1_000)), 1)
  row.requestBytes += seen.requestBytes
  row.responseBytes += seen.responseBytes
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

/** What is there, or made; null for one too many. */
function inBounds<V>(map: Map<string, V>, key: string, make: () => V): V | null {
  const found = map.get(key)
  if (found !== undefined) return found
  if (map.size >= ROWS_KEPT_MAX) return null
  const made = make()
  map.set(key, made)
  return made
}

/** Takes out the oldest rows that have room together. */
function taken<V extends object>(map: Map<string, V>): V[] {
  const rows: V[] = []
  let bytes = 0
  for (const [key, row] of map) {
    bytes += bytesOf(row)
    if (rows.length === ROWS_MAX || (bytes > LIST_BYTES_MAX && rows.length > 0)) break
    map.delete(key)
    rows.push(row)
  }
  return rows
}

function bytesOf(value: object): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}
