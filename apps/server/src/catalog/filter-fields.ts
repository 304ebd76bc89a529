import { z } from 'zod'
import { textField } from '../platform/http/fields.ts'
import type { Filter } from './filter.ts'

const KEYS_MAX = 3 // as deep as metadata can be
const KEY_LENGTH_MAX = 100
const VALUE_LENGTH_MAX = 2_048
const CONDITIONS_MAX = 50
const VALUES_MAX = 100

/** A metadata property: a dotted path, or its keys when one of them has a dot in it. */
export const propertyField = z
  .union([
    textField(KEYS_MAX * (KEY_LENGTH_MAX + 1)).transform((path) => path.split('.')),
    z.array(z.string()),
  ])
  .pipe(z.array(textField(KEY_LENGTH_MAX)).min(1).max(KEYS_MAX))
  .meta({
    description: 'A metadata property: a dotted path, or an array of keys',
    example: 'response.status',
  })

/** The same as text alone: here a dot always stands between two keys. */
export const dottedPropertyField = textField(KEYS_MAX * (KEY_LENGTH_MAX + 1))
  .refine(
    (path) => path.split('.').every((key) => key !== '' && key.length <= KEY_LENGTH_MAX),
    `must be keys of 1 to ${KEY_LENGTH_MAX} characters with dots between them`,
  )
  .refine((path) => path.split('.').length <= KEYS_MAX, `must have at most ${KEYS_MAX} keys`)
  .meta({ description: 'A metadata property, as a dotted path', example: 'model' })

const numberOrText = z.union([z.number(), textField(VALUE_LENGTH_MAX, 0)])
const anyValue = z.union([z.boolean(), numberOrText])

const condition = z
  .discriminatedUnion('operator', [
    z.strictObject({ property: propertyField, operator: z.enum(['eq', 'ne']), value: anyValue }),
    z.strictObject({
      property: propertyField,
      operator: z.enum(['gt', 'gte', 'lt', 'lte']),
      value: numberOrText,
    }),
    z.strictObject({
      property: propertyField,
      operator: z.enum(['contains', 'not_contains']),
      value: textField(VALUE_LENGTH_MAX),
    }),
    z.strictObject({
      property: propertyField,
      operator: z.literal('in'),
      value: z.array(anyValue).min(1).max(VALUES_MAX),
    }),
    z.strictObject({ property: propertyField, operator: z.literal('exists') }),
  ])
  .meta({ id: 'MeterCondition', description: 'A comparison with one metadata property' })

/** Written out level by level: nesting ends where the schema ends. */
const inner = groupOf(condition)
const middle = groupOf(z.union([condition, ...inner]))
const outer = groupOf(z.union([condition, ...middle, ...inner]))

/** `and` and `or` of comparisons, nested at most three deep. */
export const filterField: z.ZodType<Filter> = z
  .union([condition, ...outer])
  .refine((filter) => count(filter) <= CONDITIONS_MAX, `has more than ${CONDITIONS_MAX} conditions`)
  .meta({
    id: 'MeterFilter',
    description:
      'Which events count: a condition, or `and`/`or` of up to three levels of them. A property that is missing or of another type never matches.',
    example: { property: 'status', operator: 'lt', value: 400 },
  })

function groupOf<T extends z.ZodType>(member: T) {
  const members = z.array(member).min(1).max(CONDITIONS_MAX)
  return [z.strictObject({ and: members }), z.strictObject({ or: members })] as const
}

function count(filter: Filter): number {
  const members = 'and' in filter ? filter.and : 'or' in filter ? filter.or : null
  return members === null ? 1 : members.reduce((total, member) => total + count(member), 0)
}
