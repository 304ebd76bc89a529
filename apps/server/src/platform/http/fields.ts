import { type Decimal, decimal, decimalFromNumber, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'

/** A quantity or unit price, as the shortest decimal text: `1`, `1.0` and `"1.00"` are the same. */
export const decimalField = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    try {
      return formatDecimal(nonNegative(value))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      context.issues.push({ code: 'custom', input: value, message: error.message })
      return z.NEVER
    }
  })
  .pipe(z.string())
  .meta({
    description:
      'A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits',
    example: '0.01',
  })

function nonNegative(value: string | number): Decimal {
  const exact = typeof value === 'number' ? decimalFromNumber(value) : decimal(value)
  if (exact < 0n || value === '-0') throw new RangeError('send a decimal of 0 or more')
  return exact
}

/** Text for people or names: no NUL and no lone surrogate, which PostgreSQL would refuse. */
export function textField(lengthMax: number, lengthMin = 1) {
  return z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .refine(
      (text) => text.isWellFormed() && !text.includes('\0'),
      'contains a NUL or half a surrogate pair',
    )
}

/** The organization's own name for a customer. */
export const customerIdField = textField(255).meta({
  description: 'Your own name for the customer',
  example: 'user_123',
})

const FIRST_INSTANT_MS = 0
const LAST_INSTANT_MS = Date.UTC(9999, 11, 31) // beyond it, ISO 8601 needs more than four digits

/** An instant with its zone, like `2026-03-01T00:00:00Z`. */
export const instantField = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine(
    (instant) => instant.getTime() >= FIRST_INSTANT_MS && instant.getTime() < LAST_INSTANT_MS,
    'is not an instant of the years 1970 to 9999',
  )
  .meta({ description: 'An instant, ISO 8601 with zone', example: '2026-03-01T00:00:00Z' })

/** Instants in answers. */
export const instantText = z
  .string()
  .meta({ description: 'An instant, ISO 8601 in UTC', example: '2026-03-01T00:00:00.000Z' })

/** Yes or no in a query. */
export const flagField = z.enum(['true', 'false']).transform((text) => text === 'true')

const PAGE_ROWS_MAX = 200
const PAGE_ROWS = 50

/** The query of every list. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'send a whole number')
    .transform(Number)
    .pipe(z.int().max(PAGE_ROWS_MAX))
    .default(PAGE_ROWS)
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: PAGE_ROWS_MAX,
      description: `How many rows at most; ${PAGE_ROWS} when left out`,
    }),
  cursor: z.string().min(1).max(1_000).optional(),
}

/** The answer of every list. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), nextCursor: z.string().nullable() })
}
