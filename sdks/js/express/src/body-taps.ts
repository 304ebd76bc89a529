import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Begun, BodyWatcher } from '@usageflow/core'

/** Sees the bytes of a request as they arrive, whoever reads them and whether anybody does. */
export class RequestTap {
  readonly #request: IncomingMessage
  /** What came before it was known whether somebody wants it: no more than a stream holds. */
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
    const { 'content-type': type = '', 'content-encoding': encoding = '' } = this.#request.headers
    this.#watcher = begun?.watch('request', type, encoding) ?? null
    for (const chunk of this.#early ?? []) this.#watcher?.push(chunk)
    this.#early = null
  }

  #see(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    this.#early?.push(chunk)
    this.#watcher?.push(chunk)
  }
}

/** Sees what a host writes, and passes it on as it is: not a byte, an argument or an answer differs. */
export class ResponseTap {
  readonly #response: ServerResponse
  readonly #begun: Begun
  /** Headers that were given with the status; the others are asked for. */
  #given: OutgoingHttpHeaders = {}
  #watcher: BodyWatcher | null | undefined
  #bytes = 0
  #isPassing = false

  constructor(response: ServerResponse, begun: Begun) {
    this.#response = response
    this.#begun = begun
    const { write, end, writeHead } = response
    const tap = this
    response.writeHead = function (this: ServerResponse, ...args: never[]) {
      tap.#given = headersIn(args)
      return writeHead.apply(this, args as never)
    } as typeof writeHead
    response.write = function (this: ServerResponse, ...args: never[]) {
      return tap.#pass(args, () => write.apply(this, args as never))
    } as typeof write
    response.end = function (this: ServerResponse, ...args: never[]) {
      return tap.#pass(args, () => end.apply(this, args as never))
    } as typeof end
  }

  /** Of the body, as they go to the client; an answer to HEAD has none. */
  get bytes(): number {
    const { statusCode, req } = this.#response
    return req.method === 'HEAD' || statusCode === 204 || statusCode === 304 ? 0 : this.#bytes
  }

  get headers(): Readonly<Record<string, string | readonly string[]>> {
    const all = { ...this.#response.getHeaders(), ...this.#given }
    return Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        name.toLowerCase(),
        Array.isArray(value) ? value : String(value),
      ]),
    )
  }

  /** What is handed on is seen once: of HTTP/2 the end of an answer writes its last piece itself. */
  #pass<T>([chunk, encoding]: readonly unknown[], go: () => T): T {
    if (this.#isPassing) return go()
    if (!this.#response.writableEnded) this.#see(chunk, encoding)
    this.#isPassing = true
    try {
      return go()
    } finally {
      this.#isPassing = false
    }
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
    const { 'content-type': type, 'content-encoding': encoding } = this.headers
    return this.#begun.watch('response', String(type ?? ''), String(encoding ?? ''))
  }
}

/** `writeHead(status, reason?, headers?)`, where the headers may be a flat list. */
function headersIn(args: readonly unknown[]): OutgoingHttpHeaders {
  const given = args.find((arg) => typeof arg === 'object' && arg !== null)
  const pairs = Array.isArray(given)
    ? given.flatMap((name, at) => (at % 2 === 0 ? [[name, given[at + 1]]] : []))
    : Object.entries(given ?? {})
  return Object.fromEntries(pairs.map(([name, value]) => [String(name).toLowerCase(), value]))
}
