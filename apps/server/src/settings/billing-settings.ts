/** What an organization says of itself on its invoices, and how it numbers them. */
export type BillingSettings = {
  readonly sellerName: string
  readonly sellerAddress: readonly string[]
  readonly taxNumbers: readonly string[]
  readonly email: string | null
  /** A PNG or a JPEG. */
  readonly logo: Buffer | null
  readonly language: DocumentLanguage
  /** IANA zone in which the days on documents are counted. */
  readonly timeZone: string
  readonly numberPattern: string
  readonly creditNotePattern: string
  /** Below the sums, like terms of payment. */
  readonly note: string | null
}

export const DOCUMENT_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl'] as const
export type DocumentLanguage = (typeof DOCUMENT_LANGUAGES)[number]

export const NUMBER_PATTERN = 'INV-{number:6}'
const CREDIT_NOTE_PATTERN = 'CN-{number:6}'

/** What holds until somebody has decided. */
export function defaultSettings(organizationName: string): BillingSettings {
  return {
    sellerName: organizationName,
    sellerAddress: [],
    taxNumbers: [],
    email: null,
    logo: null,
    language: 'en',
    timeZone: 'UTC',
    numberPattern: NUMBER_PATTERN,
    creditNotePattern: CREDIT_NOTE_PATTERN,
    note: null,
  }
}

const PLACE = /\{([a-z]*)(?::(\d+))?\}/g
const DIGITS_MAX = 12
const LENGTH_MAX = 40
const PLAIN = /^[A-Za-z0-9 ._/-]*$/

/** Why a pattern cannot number invoices; null: it can. */
export function patternProblem(pattern: string): string | null {
  const places = [...pattern.matchAll(PLACE)]
  const names = places.map(([, name]) => name)
  const unknown = names.find((name) => !['number', 'year', 'month'].includes(name ?? ''))
  if (unknown !== undefined) return `{${unknown}} is not one of {number}, {year} and {month}`
  if (names.filter((name) => name === 'number').length !== 1)
    return 'it must have {number} in it exactly once, like INV-{number:6}'
  if (places.some(([, name, digits]) => digits !== undefined && !hasDigits(name, digits)))
    return `only {number} takes digits, 1 to ${DIGITS_MAX}, like {number:6}`
  if (!PLAIN.test(pattern.replace(PLACE, '')))
    return 'it may have letters, digits, spaces and . _ / - around the places'
  return pattern.length > LENGTH_MAX ? `it is longer than ${LENGTH_MAX} characters` : null
}

function hasDigits(name: string | undefined, digits: string): boolean {
  const count = Number(digits)
  return name === 'number' && count >= 1 && count <= DIGITS_MAX
}

/** The number of an invoice as people see it: `INV-000001`. The year and month are those of UTC. */
export function numberText(pattern: string, number: bigint, finalizedAt: Date): string {
  const [year = '', month = ''] = finalizedAt.toISOString().split('-')
  return pattern.replace(PLACE, (_, name: string, digits: string | undefined) => {
    if (name === 'year') return year
    return name === 'month' ? month : number.toString().padStart(Number(digits ?? 0), '0')
  })
}
