/** A route as a host writes it: `{ method: 'GET', url: '/api/users/:id' }`, with `*` for any. */
export type HostRoute = { readonly method: string; readonly url: string }

/** A limit that stands in the code of a host. */
export type HostRateLimit = {
  readonly limit: number
  /** Like `30s`, `15m`, `1h` or `1d`. */
  readonly window: string
  /** Default: `fixed_window`. */
  readonly algorithm?: 'fixed_window' | 'token_bucket' | 'sliding_window'
}

/** Names in lower case. A header that came several times may be an array. */
export type HostHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a framework knows of a request when it comes in. */
export type Incoming = {
  readonly method: string
  /** As it came, with its query. */
  readonly target: string
  readonly headers: HostHeaders
  /** Of the client, as the framework knows it behind its trusted proxies. */
  readonly clientAddress?: string | undefined
  /** The template of the route, where the framework knows it already. */
  readonly template?: string | undefined
  /** Parsed, where it is already. */
  readonly body?: unknown
  /** Of a token that the host has checked. */
  readonly claims?: unknown
  /** When it came in, by `performance.now()`, if that was not just now. */
  readonly sinceMs?: number | undefined
}

/** What a host may know of a request only after it has come in, by what strategies call it. */
export type KnownLater = 'body' | 'claim'

/** What a framework knows of a request when it is over. */
export type Outgoing = {
  /** Null if none was sent. */
  readonly status: number | null
  /** The template of the route; null where the framework has none. */
  readonly route: string | null
  readonly params?: Readonly<Record<string, string>> | undefined
  readonly headers: HostHeaders
  readonly requestBytes: number
  readonly responseBytes: number
  /** Of the request, parsed, if the host has done so. */
  readonly body?: unknown
  /** What the host put beside the request. */
  readonly metadata?: unknown
}

/** What a host answers instead of going on. */
export type Refusal = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Reads a body as it passes; it is not touched. */
export type BodyWatcher = { push(chunk: Uint8Array): void }

/** A request between its beginning and its end. */
export type Begun = {
  /** Null if it may pass. */
  readonly refusal: Refusal | null
  /** To be sent with the answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>
  /** Null where nobody asks for what is in the body. */
  watch(
    side: 'request' | 'response',
    contentType: string,
    contentEncoding: string,
  ): BodyWatcher | null
  /** To be called once, when the answer is sent or given up. */
  end(outgoing: Outgoing): void
}

/** What became of the requests that policies meter: `produced = delivered + queued + refused + dropped`. */
export type UsageCounts = {
  readonly produced: number
  readonly delivered: number
  readonly queued: number
  readonly refused: number
  readonly dropped: number
}
