import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Begun, Guard, Incoming, KnownLater, Outgoing, Refusal } from '@usageflow/core'
import { monotonicMs } from '../clock.ts'
import { RequestTap, ResponseTap } from './body-taps.ts'

/** What only a framework can say of a request. */
export type Visit = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What is known of it by now. */
  incoming(): Incoming
  /** Called once, when it is known to be ours. What it returns says what is known when it is over. */
  follow(): () => Ending
}

export type Ending = Pick<Outgoing, 'route' | 'params' | 'body' | 'metadata'>

/** What is to be answered; null where the host goes on. */
export type Decision = Refusal | null

/** A request on its way through a host: decided once, as soon as all is known that it is decided by, and counted when it is over. */
export class Passage {
  readonly #guard: Guard
  readonly #visit: Visit
  readonly #sinceMs = monotonicMs()
  /** Null when it waits for nothing. */
  #awaited: Set<KnownLater> | null = null
  #watched: Watched | null = null
  #begun: Begun | null = null
  #isOver = false

  constructor(guard: Guard, visit: Visit) {
    this.#guard = guard
    this.#visit = visit
  }

  /** False for what no route covers, which is neither held nor counted. */
  get isOurs(): boolean {
    return this.#watched !== null
  }

  /** Decides at once, unless by something that is only known later. Neither throws nor rejects. */
  enter(later: readonly KnownLater[]): Decision | Promise<Decision> {
    const incoming = this.#visit.incoming()
    const awaited = later.filter((what) => this.#guard.reads(what, incoming))
    if (awaited.length === 0) return this.#decide(incoming)
    this.#awaited = new Set(awaited)
    this.#follow()
    return null
  }

  /** Decides what has waited for this alone. Neither throws nor rejects. */
  know(what: KnownLater): Decision | Promise<Decision> {
    if (!this.#awaited?.delete(what) || this.#awaited.size > 0) return null
    this.#awaited = null
    return this.#decide(this.#visit.incoming())
  }

  #decide(incoming: Incoming): Decision | Promise<Decision> {
    const beginning = this.#guard.begin({ ...incoming, sinceMs: this.#sinceMs })
    if (beginning === null) return null
    this.#follow()
    const proceed = (begun: Begun | null) => this.#proceed(begun)
    return beginning instanceof Promise ? beginning.then(proceed) : proceed(beginning)
  }

  #proceed(begun: Begun | null): Decision {
    const { response } = this.#visit
    this.#begun = begun
    this.#watched?.body.watch(begun)
    if (this.#isOver) this.#end()
    if (begun === null || this.#isOver || response.headersSent) return null
    for (const [name, value] of Object.entries(begun.headers)) response.setHeader(name, value)
    return begun.refusal
  }

  #follow(): void {
    if (this.#watched !== null) return
    const { request, response } = this.#visit
    this.#watched = {
      body: new RequestTap(request),
      answer: new ResponseTap(response, () => this.#begun),
      ending: this.#visit.follow(),
    }
    const over = () => this.#over()
    response.on('finish', over)
    response.on('close', over) // without an end: the client did not wait for it
  }

  /** What was answered before all was known is decided now, so that it is counted. */
  #over(): void {
    if (this.#isOver) return
    this.#isOver = true
    const isUndecided = this.#awaited !== null
    this.#awaited = null
    if (isUndecided) void this.#decide(this.#visit.incoming())
    else this.#end()
  }

  #end(): void {
    const { response } = this.#visit
    if (this.#watched === null) return
    const { body, answer, ending } = this.#watched
    this.#begun?.end({
      ...ending(),
      status: response.headersSent ? response.statusCode : null,
      ...{ requestBytes: body.bytes, responseBytes: answer.bytes },
      // Copied for a rule that reads them, and for nobody else: no other step costs a request as much.
      get headers() {
        return answer.headers
      },
    })
  }
}

type Watched = {
  readonly body: RequestTap
  readonly answer: ResponseTap
  readonly ending: () => Ending
}
