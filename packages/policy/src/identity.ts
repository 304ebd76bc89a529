import { networkOf } from './network.ts'
import { halves, queryPairs } from './query.ts'

/** Where in a request the customer's name stands. */
export type IdentitySource = {
  readonly from: 'header' | 'query' | 'body' | 'path' | 'cookie' | 'claim'
  /** Of the header, parameter, cookie or field; `user.id` is a field of a field. */
  readonly name: string
}

/** Sources in the order in which they are asked: the first that has something decides. */
export type Strategy = readonly IdentitySource[]

/** What an SDK knows of a request. Of what a strategy does not ask for it need not know anything. */
export type RequestParts = {
  /** Names in lower case. A header that came several times is an array. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As it came, with or without `?`. */
  readonly query?: string
  /** Parsed, if it was JSON. */
  readonly body?: unknown
  /** Of the route that covers the request. */
  readonly params?: ReadonlyMap<string, string>
  /** Of a token whose signature, issuer and times have been checked: here they are believed. */
  readonly claims?: unknown
  /** Of the client, as the framework knows it behind its trusted proxies. */
  readonly clientAddress?: string
}

/** Who is asking. Nobody known is told apart by network, and all without an address are one. */
export type Identity =
  | { readonly kind: 'customer'; readonly id: string }
  | { readonly kind: 'network'; readonly id: string }

const ID_LENGTH_MAX = 255 // of a customerId, in UTF-16 units, as the API counts

/** The first source with a usable name, or the network of the client. */
export function identify(strategy: Strategy, parts: RequestParts): Identity {
  for (const source of strategy) {
    const id = usable(READERS[source.from](source.name, parts))
    if (id !== null) return { kind: 'customer', id }
  }
  return { kind: 'network', id: networkOf(parts.clientAddress ?? '') }
}

/** One text for each identity, under which to keep its state: no customer can be called like a network. */
export function identityKey({ kind, id }: Identity): string {
  return `${kind}:${id}`
}

/**
 * What counts as absent: nothing, blanks, more than 255 characters, control characters, and whatever is
 * neither a text nor a whole number. Anything else is taken to the letter.
 */
function usable(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string' || text.length > ID_LENGTH_MAX || /^ *$/.test(text)) return null
  return /\p{Cc}/u.test(text) || !text.isWellFormed() ? null : text
}

const READERS: Readonly<
  Record<IdentitySource['from'], (name: string, parts: RequestParts) => unknown>
> = {
  header: (name, { headers }) => onlyOf(own(headers, name.toLowerCase())),
  query: (name, { query }) =>
    onlyOf(queryPairs(query ?? '').flatMap(([key, value]) => (key === name ? [value] : []))),
  body: (name, { body }) => fieldOf(body, name),
  path: (name, { params }) => params?.get(name),
  cookie: (name, { headers }) => onlyOf(cookiesOf(own(headers, 'cookie'), name)),
  claim: (name, { claims }) => fieldOf(claims, name),
}

/** Servers disagree about which of several counts, so none does: else a caller might choose who pays. */
function onlyOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return new Set(value).size === 1 ? value[0] : undefined
}

function cookiesOf(header: unknown, name: string): string[] {
  return [header]
    .flat()
    .flatMap((line) => (typeof line === 'string' ? line.split(';') : []))
    .map(halves)
    .filter(([key]) => key.trim() === name)
    .map(([, value]) => value.trim().replace(/^"(.*)"$/s, '$1'))
}

/** The field of exactly this name, as claims have names with dots in them; else step by step. */
function fieldOf(holder: unknown, name: string): unknown {
  const whole = own(holder, name)
  if (whole !== undefined || !name.includes('.')) return whole
  return name.split('.').reduce(own, holder)
}

/** Of an object itself: never what it inherits, nor elements of an array. */
function own(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return undefined
  return Object.getOwnPropertyDescriptor(holder, name)?.value
}
