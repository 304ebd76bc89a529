import { z } from 'zod'

const DECIMAL_TEXT = /^(0|[1-9]\d{0,25})(\.\d{1,12})?$/
const SIGNIFICANT_DIGITS_MAX = 15

/** A quantity or unit price: a decimal string, or a JSON number that a double holds exactly. */
export const decimalField = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const text = typeof value === 'number' ? plainText(value) : value
    if (text !== null && DECIMAL_TEXT.test(text)) return text
    context.issues.push({
      code: 'custom',
      input: value,
      message:
        'send a decimal of at most 26 whole and 12 fractional digits, as a string like "0.01" when it has more than 15 digits',
    })
    return z.NEVER
  })
  .pipe(z.string())
  .meta({
    description: 'A non-negative decimal: a string, or a number of at most 15 significant digits',
    example: '0.01',
  })

/** The plain decimal text of a number, or null when a double cannot be trusted with it. */
function plainText(value: number): string | null {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
  if (!match) return null
  const [, whole = '', fraction = '', exponentText] = match
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits.replace(/0+$/, '').length > SIGNIFICANT_DIGITS_MAX) return null
  const point = whole.length + Number(exponentText ?? 0)
  const all = (whole + fraction)
    .padEnd(point, '0')
    .padStart((whole + fraction).length + Math.max(0, 1 - point), '0')
  const at = Math.max(point, 1)
  const cut = all.slice(at).replace(/0+$/, '')
  return `${all.slice(0, at).replace(/^0+(?=\d)/, '')}${cut && `.${cut}`}`
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

/** An instant with its zone, like `2026-03-01T00:00:00Z`. */
export const instantField = z.iso
  .datetime({ offset: true })
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not an instant')
  .transform((text) => new Date(text))
  .meta({ description: 'An instant, ISO 8601 with zone', example: '2026-03-01T00:00:00Z' })

/** Instants in answers. */
export const instantText = z
  .string()
  .meta({ description: 'An instant, ISO 8601 in UTC', example: '2026-03-01T00:00:00.000Z' })

const PAGE_ROWS_MAX = 200
const PAGE_ROWS = 50

/** The query of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS),
  cursor: z.string().min(1).max(1_000).optional(),
}

/** The answer of every list. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), nextCursor: z.string().nullable() })
}
