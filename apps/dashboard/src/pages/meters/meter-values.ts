export const AGGREGATIONS = ['SUM', 'COUNT', 'MAX', 'MIN', 'AVG', 'LAST', 'UNIQUE'] as const
export type Aggregation = (typeof AGGREGATIONS)[number]

export const OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'contains', 'exists'] as const
type Operator = (typeof OPERATORS)[number]

export type ConditionValues = { property: string; operator: Operator; value: string }

export type MeterValues = {
  name: string
  key: string
  eventName: string
  unit: string
  aggregation: Aggregation
  property: string
  conditions: ConditionValues[]
  groupBy: string
}

export const EMPTY: MeterValues = {
  name: '',
  key: '',
  eventName: '',
  unit: '',
  aggregation: 'SUM',
  property: '',
  conditions: [],
  groupBy: '',
}

/** A key as programs write it, from a name: "API Calls" becomes API_CALLS. */
export function keyFromName(name: string): string {
  return name
    .trim()
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}

/** What can be said before the server is asked. */
export function problemsOf({ key, aggregation, property, conditions }: MeterValues) {
  return {
    ...(key.trim() === '' ? { key: 'A meter needs a key: programs name it by that.' } : {}),
    ...(aggregation === 'UNIQUE' && property.trim() === ''
      ? { property: 'Say which property is told apart.' }
      : {}),
    ...Object.fromEntries(
      conditions.flatMap(({ property: name }, index) =>
        name.trim() === '' ? [[`conditions.${index}.property`, 'Which property?']] : [],
      ),
    ),
  }
}

/** `body.usage.tokens` is a way through objects. */
const wayOf = (text: string): string[] => text.trim().split('.')

/** What the preview and the making of a meter have in common. */
export function ruleOf(values: MeterValues) {
  const { aggregation, property, conditions, groupBy } = values
  const all = conditions.map(conditionOf)
  const [only] = all
  return {
    eventName: values.eventName.trim() || values.key.trim(),
    aggregation,
    valueProperty: property.trim() === '' || aggregation === 'COUNT' ? null : wayOf(property),
    filter: only === undefined ? null : all.length === 1 ? only : { and: all },
    groupBy: groupBy
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  }
}

export function bodyOf(values: MeterValues) {
  return {
    ...ruleOf(values),
    key: values.key.trim(),
    name: values.name.trim() || values.key.trim(),
    unit: values.unit.trim(),
  }
}

function conditionOf({ property, operator, value }: ConditionValues) {
  const way = wayOf(property)
  if (operator === 'exists') return { property: way, operator }
  if (operator === 'contains') return { property: way, operator, value }
  if (operator === 'eq' || operator === 'ne')
    return { property: way, operator, value: typed(value) }
  return { property: way, operator, value: value.trim() }
}

/** What looks like a number or a truth value is meant as one. */
function typed(text: string): string | number | boolean {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  return /^-?\d{1,15}(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed
}
