import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { dbTest as test } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Condition, Filter, FilterValue } from './filter.ts'
import { filterField } from './filter-fields.ts'
import { compileFilter } from './filter-path.ts'

/** Whether each filter matches each metadata, as PostgreSQL says: one row a filter. */
async function ask(tx: Tx, filters: readonly Filter[], metadata: readonly (string | null)[]) {
  const { rows } = await sql<{ matches: boolean[] }>`
    select array_agg(coalesce(jsonb_path_match(m.text::jsonb, f.path::jsonpath, '{}', true), false) order by m.no) as matches
    from unnest(${filters.map(compileFilter)}::text[]) with ordinality f (path, no)
      cross join unnest(${metadata}::text[]) with ordinality m (text, no)
    group by f.no order by f.no`.execute(tx)
  return rows.map((row) => row.matches)
}

async function matches(tx: Tx, filter: Filter, metadata: unknown): Promise<boolean> {
  const text = metadata === undefined ? null : JSON.stringify(metadata)
  const [[answer] = []] = await ask(tx, [filter], [text])
  return answer === true
}

/** What a filter means, said a second time and without SQL. */
function means(filter: Filter, metadata: unknown): boolean {
  if ('and' in filter) return filter.and.every((member) => means(member, metadata))
  if ('or' in filter) return filter.or.some((member) => means(member, metadata))
  return holds(filter, valueAt(metadata, filter.property))
}

function valueAt(metadata: unknown, keys: readonly string[]): unknown {
  let value = metadata
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    if (!Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function holds(condition: Condition, value: unknown): boolean {
  if (condition.operator === 'exists') return value !== undefined && value !== null
  if (condition.operator === 'in') return condition.value.some((one) => value === one)
  if (typeof value !== typeof condition.value) return false
  const order = compare(value as FilterValue, condition.value)
  switch (condition.operator) {
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'contains':
      return String(value).includes(condition.value)
    case 'not_contains':
      return !String(value).includes(condition.value)
    default:
      throw new Error(`unknown operator ${JSON.stringify(condition satisfies never)}`)
  }
}

/** Texts by code point, as PostgreSQL compares them; JavaScript goes by UTF-16 code unit. */
function compare(left: FilterValue, right: FilterValue): number {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return left === right ? 0 : left < right ? -1 : 1
}

const oddText = fc.constantFrom(
  '',
  'a',
  'b',
  'A',
  '"',
  '\\',
  "'",
  '$',
  '$.a',
  '.',
  '*',
  '.*',
  'a.b',
  '%',
  '_',
  '(',
  '[',
  ']',
  '{',
  '\n',
  '\t',
  '\u0001',
  '\u007f',
  '\u2028',
  'é',
  'e\u0301',
  '日本',
  '😀',
  '\ufffd',
  '0',
  '1',
  '1.0',
  'true',
  'null',
  '@',
  '?',
  '/',
  '\\u0041',
  '#',
  '^a$',
  '__proto__',
  'constructor',
)
const text = fc.oneof(
  oddText,
  fc.array(oddText, { maxLength: 4 }).map((parts) => parts.join('')),
)
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.1, 0.3, 1e21, 1e-7, 399, 400, 401, 123456789012345, 0.000001234),
  fc.integer({ min: -5, max: 5 }),
)
const scalar: fc.Arbitrary<FilterValue> = fc.oneof(text, number, fc.boolean())
const keyText = fc.constantFrom(
  'a',
  'b',
  'a.b',
  '"',
  '\\',
  '$',
  '日本',
  '😀',
  "it's",
  '*',
  '0',
  '__proto__',
  'type()',
  'x y',
  '\n',
)
const property = fc.array(keyText, { minLength: 1, maxLength: 3 })

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ property, operator: fc.constantFrom('eq' as const, 'ne' as const), value: scalar }),
  fc.record({
    property,
    operator: fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
    value: fc.oneof(text, number),
  }),
  fc.record({
    property,
    operator: fc.constantFrom('contains' as const, 'not_contains' as const),
    value: text.filter((value) => value !== ''),
  }),
  fc.record({
    property,
    operator: fc.constant('in' as const),
    value: fc.array(scalar, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ property, operator: fc.constant('exists' as const) }),
)

const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'filter' },
    condition,
    fc.record({ and: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
  ),
})).filter

const leaf = fc.oneof(scalar, fc.constant(null), fc.array(scalar, { maxLength: 2 }))
const object = (member: fc.Arbitrary<unknown>) => fc.dictionary(keyText, member, { maxKeys: 4 })
const metadata = object(
  fc.oneof(leaf, object(fc.oneof(leaf, object(leaf))), fc.array(object(leaf), { maxLength: 2 })),
)

describe('compileFilter', () => {
  test('means the same to PostgreSQL as to a second reading of the rules', {
    timeout: 120_000,
  }, async ({ tx }) => {
    const samples = fc.tuple(
      fc.array(filter, { minLength: 20, maxLength: 20 }),
      fc.array(metadata, { minLength: 20, maxLength: 20 }),
    )
    await fc.assert(
      fc.asyncProperty(samples, async ([filters, all]) => {
        const texts = all.map((one) => JSON.stringify(one))
        const parsed = texts.map((one) => JSON.parse(one) as unknown)
        const expected = filters.map((one) => parsed.map((data) => means(one, data)))
        expect(await ask(tx, filters, texts)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  test.for<[string, Filter, unknown, boolean]>([
    ['below a border', { property: ['status'], operator: 'lt', value: 400 }, { status: 399 }, true],
    ['at the border', { property: ['status'], operator: 'lt', value: 400 }, { status: 400 }, false],
    [
      'a number in quotes is text',
      { property: ['status'], operator: 'lt', value: 400 },
      { status: '399' },
      false,
    ],
    ['a missing property is not unequal', { property: ['a'], operator: 'ne', value: 1 }, {}, false],
    ['null is not unequal', { property: ['a'], operator: 'ne', value: 1 }, { a: null }, false],
    [
      'another type is not unequal',
      { property: ['a'], operator: 'ne', value: 1 },
      { a: 'x' },
      false,
    ],
    ['another number is unequal', { property: ['a'], operator: 'ne', value: 1 }, { a: 2 }, true],
    ['no metadata at all', { property: ['a'], operator: 'exists' }, undefined, false],
    ['null does not exist', { property: ['a'], operator: 'exists' }, { a: null }, false],
    ['an object exists', { property: ['a'], operator: 'exists' }, { a: {} }, true],
    [
      'an array is not looked into',
      { property: ['a'], operator: 'eq', value: 1 },
      { a: [1] },
      false,
    ],
    [
      'nor are objects within one',
      { property: ['a', 'b'], operator: 'eq', value: 1 },
      { a: [{ b: 1 }] },
      false,
    ],
    [
      'nor searched for text',
      { property: ['a'], operator: 'contains', value: 'x' },
      { a: ['x'] },
      false,
    ],
    [
      'nor found to lack text',
      { property: ['a'], operator: 'not_contains', value: 'y' },
      { a: ['x'] },
      false,
    ],
    [
      'text as a pattern',
      { property: ['a'], operator: 'contains', value: '.*' },
      { a: 'abc' },
      false,
    ],
    [
      'text as it stands',
      { property: ['a'], operator: 'contains', value: '.*' },
      { a: 'a.*c' },
      true,
    ],
    ['exact fractions', { property: ['a'], operator: 'eq', value: 0.3 }, { a: 0.1 + 0.2 }, false],
    [
      'unknown in one branch of or',
      {
        or: [
          { property: ['x'], operator: 'eq', value: 1 },
          { property: ['a'], operator: 'eq', value: 1 },
        ],
      },
      { a: 1 },
      true,
    ],
  ])('%s', async ([, filter, metadata, expected], { tx }) => {
    expect(await matches(tx, filter, metadata)).toBe(expected)
  })

  test('compares decimals digit by digit, beyond what a double holds', async ({ tx }) => {
    const [answers] = await ask(
      tx,
      [{ property: ['a'], operator: 'gt', value: 0.1 }],
      ['{"a": 0.1}', '{"a": 0.10000000000000000000001}'],
    )
    expect(answers).toEqual([false, true])
  })
})

describe('filterField', () => {
  const leafFilter = { property: 'a.b', operator: 'eq', value: 1 }
  const nested = (levels: number): unknown =>
    levels === 0 ? leafFilter : { [levels % 2 ? 'and' : 'or']: [nested(levels - 1)] }

  test('reads a dotted path and an array of keys', () => {
    expect(filterField.parse(leafFilter)).toEqual({ ...leafFilter, property: ['a', 'b'] })
    expect(filterField.parse({ ...leafFilter, property: ['a.b'] })).toMatchObject({
      property: ['a.b'],
    })
  })

  test.for([0, 1, 2, 3])('takes %i levels of and and or', (levels) => {
    expect(filterField.safeParse(nested(levels)).success).toBe(true)
  })

  test.for<[string, unknown]>([
    ['a fourth level', nested(4)],
    ['no conditions', { and: [] }],
    ['and beside or', { and: [leafFilter], or: [leafFilter] }],
    ['an unknown operator', { ...leafFilter, operator: 'like' }],
    ['a comparison with null', { ...leafFilter, value: null }],
    ['a truth that is greater', { ...leafFilter, operator: 'gt', value: true }],
    ['nothing contained', { ...leafFilter, operator: 'contains', value: '' }],
    ['an empty key', { ...leafFilter, property: 'a..b' }],
    ['four keys', { ...leafFilter, property: ['a', 'b', 'c', 'd'] }],
    ['NUL', { ...leafFilter, value: '\0' }],
    ['half a surrogate pair', { ...leafFilter, property: ['\ud800'] }],
    ['51 conditions', { or: Array(51).fill(leafFilter) }],
  ])('refuses %s', ([, filter]) => {
    expect(filterField.safeParse(filter).success).toBe(false)
  })
})
