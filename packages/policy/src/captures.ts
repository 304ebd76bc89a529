import { queryPairs } from './query.ts'
import { redact } from './redact.ts'
import { isSecretName } from './secrets.ts'

/** What was found of a list of captures, by their pointers. What is absent is not in it. */
export type Captured = Readonly<Record<string, string | number | boolean>>

/** What captures point into. A body is here if the host has parsed it; else a `BodyReader` reads it. */
export type Exchange = {
  readonly request: {
    readonly method: string
    /** The template of the framework; null where it has none. */
    readonly route: string | null
    readonly headers: Headers
    /** As it came, with or without `?`. */
    readonly query: string
    readonly params: ReadonlyMap<string, string>
    readonly body?: unknown
    readonly bytes: number
  }
  readonly response: {
    readonly status: number
    readonly headers: Headers
    readonly bytes: number
    readonly durationMs: number
  }
  /** What the host put beside the request. */
  readonly metadata: unknown
}

/** Names in lower case. A header that came several times is an array. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * What the JSON pointers of metering rules find in a request and its answer. Absent are: objects, lists and
 * null, headers and parameters that came several times, secrets, and whatever the API would refuse.
 */
export function capture(pointers: readonly string[], exchange: Exchange): Captured {
  if (pointers.length === 0) return {}
  const { request, response, metadata } = exchange
  return found(pointers, '', {
    request: {
      ...request,
      headers: onceEach(Object.entries(request.headers)),
      query: onceEach(queryPairs(request.query)),
      params: Object.fromEntries(request.params),
    },
    response: { ...response, headers: onceEach(Object.entries(response.headers)) },
    metadata,
  })
}

/** Of a body that is read as it passes. */
export type Body = {
  readonly side: 'request' | 'response'
  readonly contentType: string
  /** What compresses the bytes that will be read; empty for nothing. */
  readonly contentEncoding: string
}

/** Null if no pointer leads into the body, or if it is of a kind that is not read: then spare yourself the bytes. */
export function openBody(pointers: readonly string[], body: Body): BodyReader | null {
  const prefix = `/${body.side}/body`
  const inside = pointers.filter((each) => each === prefix || each.startsWith(`${prefix}/`))
  const kind = kindOf(body)
  return inside.length === 0 || kind === null ? null : new BodyReader(kind, prefix, inside)
}

type Kind = 'document' | 'events' | 'lines'

/** Of a whole document, or of one event or line of a stream, which may go on for ever. */
const PIECE_BYTES_MAX = 1024 * 1024

/**
 * Finds captures in a body, chunk by chunk, wherever its chunks end. Keeps one piece of it at most: the
 * document, or an event or line. Of a stream the last piece counts that has something at the pointer.
 */
export class BodyReader {
  readonly #kind: Kind
  readonly #prefix: string
  readonly #pointers: readonly string[]
  readonly #piece = new Piece()
  readonly #blankLines = new BlankLines()
  #found: Captured = {}

  constructor(kind: Kind, prefix: string, pointers: readonly string[]) {
    this.#kind = kind
    this.#prefix = prefix
    this.#pointers = pointers
  }

  push(chunk: Uint8Array): void {
    let start = 0
    // A document has no ends to look for.
    for (let at = this.#kind === 'document' ? chunk.length : 0; at < chunk.length; at++) {
      if (!this.#isEnd(chunk[at] as number)) continue
      this.#piece.add(chunk.subarray(start, at + 1))
      this.#read()
      start = at + 1
    }
    this.#piece.add(chunk.subarray(start))
  }

  /** What was found. A last piece without its end is read as it is. */
  end(): Captured {
    this.#read()
    return this.#found
  }

  #isEnd(byte: number): boolean {
    return this.#kind === 'lines' ? byte === LINE_FEED : this.#blankLines.endsWith(byte)
  }

  #read(): void {
    const text = this.#piece.take()
    if (text === null) return
    try {
      const value: unknown = JSON.parse(this.#kind === 'events' ? dataOf(text) : text)
      this.#found = { ...this.#found, ...found(this.#pointers, this.#prefix, value) }
    } catch {
      // It is no JSON, like the `[DONE]` at the end of many streams: it has nothing at any pointer.
    }
  }
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Bytes up to a limit. Beyond it they are forgotten, and there is nothing to take. */
class Piece {
  #chunks: Uint8Array[] = []
  #bytes = 0

  /** Keeps a copy: whoever owns the chunk may write over it. */
  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    if (this.#bytes > PIECE_BYTES_MAX) this.#chunks = []
    else if (chunk.length > 0) this.#chunks.push(chunk.slice())
  }

  /** The text, and begins anew. Null for what is too long or no UTF-8. */
  take(): string | null {
    const [chunks, bytes] = [this.#chunks, this.#bytes]
    this.#chunks = []
    this.#bytes = 0
    return bytes > PIECE_BYTES_MAX ? null : textOf(chunks, bytes)
  }
}

/** Where an event of a stream ends: at a line without anything. Lines end in LF, CR or both. */
class BlankLines {
  #isLineEmpty = true
  #wasReturn = false

  /** Whether this byte, the next of the stream, ends an empty line. */
  endsWith(byte: number): boolean {
    const isSecondHalf = this.#wasReturn && byte === LINE_FEED
    this.#wasReturn = byte === CARRIAGE_RETURN
    if (isSecondHalf) return false
    const endsLine = byte === LINE_FEED || byte === CARRIAGE_RETURN
    const isBlank = endsLine && this.#isLineEmpty
    this.#isLineEmpty = endsLine
    return isBlank
  }
}

function textOf(chunks: readonly Uint8Array[], bytes: number): string | null {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(whole)
  } catch {
    return null
  }
}

/** What an event says: its lines of data, without the one blank that may stand before each. */
function dataOf(event: string): string {
  return event
    .split(/\r\n|\r|\n/)
    .flatMap((line) => /^data(?:: ?(.*))?$/s.exec(line)?.[1] ?? [])
    .join('\n')
}

function kindOf({ contentType, contentEncoding }: Body): Kind | null {
  if (!/^\s*(?:identity\s*)?$/i.test(contentEncoding)) return null
  const [essence = ''] = contentType.split(';')
  const type = essence.trim().toLowerCase()
  if (type === 'text/event-stream') return 'events'
  if (type === 'application/x-ndjson') return 'lines'
  return type === 'application/json' || /^[^/]+\/[^/]+\+json$/.test(type) ? 'document' : null
}

function found(pointers: readonly string[], prefix: string, holder: unknown): Captured {
  const entries = pointers.map(
    (pointer) => [pointer, valueAt(pointer.slice(prefix.length), holder)] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Captured
}

/** What a JSON pointer leads to, if it may leave the process. Nothing below the name of a secret may. */
function valueAt(pointer: string, holder: unknown): unknown {
  const [first, ...names] = pointer.split('/').map(unescaped)
  if (first !== '') return undefined
  const value = names.reduce(memberOf, holder)
  if (value === null || typeof value === 'object' || typeof value === 'function') return undefined
  if (names.slice(0, -1).some(isSecretName)) return undefined
  return Object.values(redact({ [names.at(-1) ?? 'body']: value }, null).metadata)[0]
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** Of an object itself, never what it inherits; or an element of a list. */
function memberOf(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined
  if (Array.isArray(holder) && !/^(?:0|[1-9]\d*)$/.test(name)) return undefined
  return Object.getOwnPropertyDescriptor(holder, name)?.value
}

function onceEach(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const times = new Map<string, number>()
  for (const [name] of pairs) times.set(name, (times.get(name) ?? 0) + 1)
  const once = pairs.filter(([name, value]) => times.get(name) === 1 && !Array.isArray(value))
  return Object.fromEntries(once)
}
