import type { IdentitySource } from '@usageflow/policy'

/** Where in a request the customer's name stands, under a name of its own, so that many policies share it. */
export type NamedStrategy = {
  readonly id: string
  readonly key: string
  readonly name: string
  /** In the order in which they are asked. */
  readonly sources: readonly IdentitySource[]
  readonly createdAt: Date
  /** Nothing new can name it from then on. */
  readonly archivedAt: Date | null
}

/** Names of headers and cookies, as RFC 9110 and 6265 have them. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/
/** As `:name` stands in the pattern of a route. */
const PARAMETER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const TEXT = /^[^\p{Cc}]{1,200}$/u

const NAMES: Readonly<
  Record<IdentitySource['from'], { readonly shape: RegExp; readonly is: string }>
> = {
  header: { shape: TOKEN, is: 'is letters, digits and dashes, such as "x-user-id"' },
  cookie: { shape: TOKEN, is: 'is letters, digits, dashes and underscores, such as "user_id"' },
  path: {
    shape: PARAMETER,
    is: 'is what stands behind the colon in the pattern of a route: "id" for "/users/:id"',
  },
  query: { shape: TEXT, is: 'has 1 to 200 characters, none of them a control character' },
  body: { shape: TEXT, is: 'has 1 to 200 characters, none of them a control character' },
  claim: { shape: TEXT, is: 'has 1 to 200 characters, none of them a control character' },
}

/**
 * The sources as they are kept: names of headers in lower case, as requests have them. Throws RangeError with
 * what to change for one that could never find anything.
 */
export function parseSources(sources: readonly IdentitySource[]): IdentitySource[] {
  const parsed = sources.map(parseSource)
  const twice = parsed.find((source, at) => parsed.findIndex((other) => isSame(other, source)) < at)
  if (twice) throw new RangeError(`the ${twice.from} ${JSON.stringify(twice.name)} is named twice`)
  return parsed
}

function parseSource({ from, name }: IdentitySource): IdentitySource {
  const { shape, is } = NAMES[from]
  if (!shape.test(name) || !name.isWellFormed())
    throw new RangeError(`${JSON.stringify(name)} names no ${from}: such a name ${is}`)
  return { from, name: from === 'header' ? name.toLowerCase() : name }
}

function isSame(a: IdentitySource, b: IdentitySource): boolean {
  return a.from === b.from && a.name === b.name
}
