import type { Condition, Filter } from '../catalog/filter.ts'
import type { Meter } from '../catalog/meter.ts'

const OPERATORS = {
  eq: 'equals',
  ne: 'not_equals',
  gt: 'greater_than',
  gte: 'greater_than_or_equals',
  lt: 'less_than',
  lte: 'less_than_or_equals',
  contains: 'contains',
  not_contains: 'does_not_contain',
} as const

type Clause = { readonly key: string; readonly operator: string; readonly value: unknown }
type DodoFilter = {
  readonly conjunction: 'and' | 'or'
  readonly clauses: readonly (Clause | DodoFilter)[]
}

/** A meter of ours as clients of Dodo Payments read it. */
export function toDodoMeter(meter: Meter, organizationId: string) {
  const { aggregation, valueProperty, filter } = meter
  return {
    id: meter.id,
    business_id: organizationId,
    name: meter.name,
    description: null,
    event_name: meter.eventName,
    measurement_unit: meter.unit,
    aggregation: { type: aggregation.toLowerCase(), key: valueProperty?.join('.') ?? null },
    filter: filter && asGroup(toDodoFilter(filter)),
    created_at: meter.createdAt.toISOString(),
    updated_at: meter.createdAt.toISOString(),
  }
}

function asGroup(filter: Clause | DodoFilter): DodoFilter {
  return 'clauses' in filter ? filter : { conjunction: 'and', clauses: [filter] }
}

function toDodoFilter(filter: Filter): Clause | DodoFilter {
  if ('and' in filter) return { conjunction: 'and', clauses: clausesOf(filter.and) }
  if ('or' in filter) return { conjunction: 'or', clauses: clausesOf(filter.or) }
  return toClause(filter)
}

/** Clauses or groups, as there: what stands alone among groups becomes one. */
function clausesOf(filters: readonly Filter[]): readonly (Clause | DodoFilter)[] {
  const clauses = filters.map(toDodoFilter)
  return clauses.some((one) => 'clauses' in one) ? clauses.map(asGroup) : clauses
}

function toClause(condition: Condition): Clause | DodoFilter {
  const key = condition.property.join('.')
  const { operator } = condition
  if (operator === 'exists') return { key, operator, value: true } // there is no such operator there, and none is a lie
  if (operator === 'in')
    return {
      conjunction: 'or',
      clauses: condition.value.map((value) => ({ key, operator: OPERATORS.eq, value })),
    }
  return { key, operator: OPERATORS[operator], value: condition.value }
}
