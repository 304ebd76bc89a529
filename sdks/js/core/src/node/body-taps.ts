import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Begun, BodyWatcher } from '@usageflow/core'

/** Nothing is read from a longer body: so much may come before it is known who wants it. */
const EARLY_BYTES_MAX = 1024 * 1024

/** Sees the bytes of a request as they arrive, whoever reads them and whether anybody does. */
export class RequestTap {
  readonly #request: IncomingMessage
  /** What came before it was known whether somebody wants it; null when that is known, or for too much. */
  #early: Uint8Array[] | null = []
  #watcher: BodyWatcher | null = null
  #bytes = 0

  constructor(request: IncomingMessage) {
    this.#request = request
    const { push } = request
    request.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk instanceof Uint8Array) this.#see(chunk)
      return push.call(request, chunk, encoding)
    }
  }

  /** Of the body; what was read before we came is known by its announced length. */
  get bytes(): number {
    return Math.max(this.#bytes, Number(this.#request.headers['content-length'] ?? 0) || 0)
  }

  /** Says who wants it; null for nobody. */
  watch(begun: Begun | null): void {
    if (this.#early === null) return
    const { 'content-type': type = '', 'content-encoding': encoding = '' } = this.#request.headers
    this.#watcher = begun?.watch('request', type, encoding) ?? null
    for (const chunk of this.#early) this.#watcher?.push(chunk)
    this.#early = null
  }

  #see(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    if (this.#bytes > EARLY_BYTES_MAX) this.#early = null // whoever decides late may be sent gigabytes
    this.#early?.push(chunk)
    this.#watcher?.push(chunk)
  }
}

/** Sees what a host writes, and passes it on as it is: not a byte, an argument or an answer differs. */
export class ResponseTap {
  readonly #response: ServerResponse
  readonly #begunOf: () => Begun | null
  /** Headers that were given with the status; the others are asked for. */
  #given: OutgoingHttpHeaders = {}
  #watcher: BodyWatcher | null | undefined
  #bytes = 0
  #isPassing = false

  /** `begunOf` is asked with the first bytes for who wants them. */
  constructor(response: ServerResponse, begunOf: () => Begun | null) {
    this.#response = response
    this.#begunOf = begunOf
    const { write, end, writeHead } = response
    const tap = this
    response.writeHead = function (this: ServerResponse, ...args: never[]) {
      if (args.length > 1) tap.#given = headersIn(args)
      return writeHead.apply(this, args as never)
    } as typeof writeHead
    response.write = function (this: ServerResponse, ...args: never[]) {
      const isOutermost = tap.#enter(args)
      try {
        return write.apply(this, args as never)
      } finally {
        if (isOutermost) tap.#isPassing = false
      }
    } as typeof write
    response.end = function (this: ServerResponse, ...args: never[]) {
      const isOutermost = tap.#enter(args)
      try {
        return end.apply(this, args as never)
      } finally {
        if (isOutermost) tap.#isPassing = false
      }
    } as typeof end
  }

  /** Of the body, as they go to the client; an answer to HEAD has none. */
  get bytes(): number {
    const { statusCode, req } = this.#response
    return req.method === 'HEAD' || statusCode === 204 || statusCode === 304 ? 0 : this.#bytes
  }

  /** A copy, made anew each time. */
  get headers(): Readonly<Record<string, string | readonly string[]>> {
    const all = { ...this.#response.getHeaders(), ...this.#given }
    return Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        name.toLowerCase(),
        Array.isArray(value) ? value : String(value),
      ]),
    )
  }

  /**
   * Sees what is handed on, once: of HTTP/2 the end of an answer writes its last piece itself. Whether it is not on its way
   * already.
   */
  #enter(args: readonly unknown[]): boolean {
    if (this.#isPassing) return false
    if (!this.#response.writableEnded) this.#see(args[0], args[1])
    this.#isPassing = true
    return true
  }

  #see(chunk: unknown, encoding: unknown): void {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
    const kind = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'
    try {
      this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk, kind) : chunk.length
      if (this.#watcher === undefined) this.#watcher = this.#open()
      this.#watcher?.push(typeof chunk === 'string' ? Buffer.from(chunk, kind) : chunk)
    } catch {
      // An encoding that is none: what the host has passed is for Node to complain of.
    }
  }

  #open(): BodyWatcher | null {
    const [type, encoding] = [this.#header('content-type'), this.#header('content-encoding')]
    return this.#begunOf()?.watch('response', type, encoding) ?? null
  }

  #header(name: string): string {
    return String(this.#given[name] ?? this.#response.getHeader(name) ?? '')
  }
}

/** `writeHead(status, reason?, headers?)`, where the headers may be a flat list. */
function headersIn(args: readonly unknown[]): OutgoingHttpHeaders {
  const given = args.find((arg) => typeof arg === 'object' && arg !== null)
  if (given === undefined) return {}
  const pairs = Array.isArray(given)
    ? given.flatMap((name, at) => (at % 2 === 0 ? [[name, given[at + 1]]] : []))
    : Object.entries(given)
  return Object.fromEntries(pairs.map(([name, value]) => [String(name).toLowerCase(), value]))
}
