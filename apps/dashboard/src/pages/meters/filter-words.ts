const WORDS: Readonly<Record<string, string>> = {
  eq: 'is',
  ne: 'is not',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  contains: 'contains',
  not_contains: 'does not contain',
  in: 'is one of',
  exists: 'is there',
}

type Condition = {
  readonly property: readonly string[]
  readonly operator: string
  readonly value?: unknown
}

/** A filter as a sentence. */
export function describeFilter(filter: unknown): string {
  return describe(filter as never) // it nests, and the document tells only that it is there
}

function describe(filter: { and?: never[]; or?: never[] } & Condition): string {
  if (filter.and) return filter.and.map(describe).join(' and ')
  if (filter.or) return `(${filter.or.map(describe).join(' or ')})`
  const { property, operator, value } = filter
  const shown = Array.isArray(value) ? value.join(', ') : value === undefined ? '' : String(value)
  return `${property.join('.')} ${WORDS[operator] ?? operator} ${shown}`.trim()
}
