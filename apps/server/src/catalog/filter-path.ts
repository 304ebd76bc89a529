import type { Condition, Filter, FilterValue } from './filter.ts'

/**
 * Compiles a filter to the jsonpath that PostgreSQL evaluates over an event's metadata, everywhere.
 *
 * Strict mode makes it mean what it says: a missing property or one of another type is `unknown`, which
 * is no match, and stays so under `!`. Lax mode would look into arrays. Values and keys are written as
 * JSON strings, which jsonpath reads with the same escapes.
 */
export function compileFilter(filter: Filter): string {
  return `strict ${predicate(filter)}`
}

function predicate(filter: Filter): string {
  if ('and' in filter) return `(${filter.and.map(predicate).join(' && ')})`
  if ('or' in filter) return `(${filter.or.map(predicate).join(' || ')})`
  return condition(filter)
}

const COMPARISON = { eq: '==', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function condition(condition: Condition): string {
  const property = `$${condition.property.map((key) => `.${JSON.stringify(key)}`).join('')}`
  switch (condition.operator) {
    case 'ne': // jsonpath holds null to be unequal to everything
      return `(${property}.type() == "${typeof condition.value}" && ${property} != ${literal(condition.value)})`
    case 'contains':
      return `(${containment(property, condition.value)})`
    case 'not_contains':
      return `(!(${containment(property, condition.value)}))`
    case 'in':
      return `(${condition.value.map((value) => `${property} == ${literal(value)}`).join(' || ')})`
    case 'exists':
      return `(${property}.type() != "null")`
    default:
      return `(${property} ${COMPARISON[condition.operator]} ${literal(condition.value)})`
  }
}

/** Flag q: the text itself is looked for, none of its characters means anything. */
function containment(property: string, text: string): string {
  return `${property} like_regex ${JSON.stringify(text)} flag "q"`
}

function literal(value: FilterValue): string {
  return JSON.stringify(value)
}
