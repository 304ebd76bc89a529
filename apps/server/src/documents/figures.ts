import { type Decimal, formatDecimal, majorText, minorDigits } from '@usageflow/pricing'
import type { DocumentLanguage } from '../settings/billing-settings.ts'

/** What `Intl` takes as an exact decimal, so that no figure goes through a float. */
type ExactText = Parameters<Intl.NumberFormat['format']>[0]

const FRACTION_DIGITS_MAX = 12

/** An amount with all digits of its currency, as readers of the language write it: `1.234,50 €`. */
export function moneyText(
  amountMinor: bigint,
  currency: string,
  language: DocumentLanguage,
): string {
  const digits = minorDigits(currency)
  return money(majorText(amountMinor, currency), currency, language, [digits, digits])
}

/** A price of one unit, with as many digits as it has: `0,000003 €`. */
export function priceText(price: Decimal, currency: string, language: DocumentLanguage): string {
  return money(formatDecimal(price), currency, language, [
    minorDigits(currency),
    FRACTION_DIGITS_MAX,
  ])
}

/** A quantity in groups of three digits, with as many after the point as it has. */
export function quantityText(quantity: Decimal, language: DocumentLanguage): string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: FRACTION_DIGITS_MAX })
  return format.format(formatDecimal(quantity) as ExactText)
}

/** A day in a zone: `31 Mar 2026`. */
export function dayText(at: Date, language: DocumentLanguage, timeZone: string): string {
  return new Intl.DateTimeFormat(dayLocale(language), { dateStyle: 'medium', timeZone }).format(at)
}

/** The first and the last day of a half-open period: `1 Mar 2026 – 31 Mar 2026`. */
export function periodText(
  period: { readonly start: Date; readonly end: Date },
  language: DocumentLanguage,
  timeZone: string,
): string {
  const lastInstant = new Date(Math.max(period.start.getTime(), period.end.getTime() - 1))
  const first = dayText(period.start, language, timeZone)
  const last = dayText(lastInstant, language, timeZone)
  return first === last ? first : `${first} – ${last}`
}

/** `Intl` follows what people write on price tags and so leaves out digits: the currency's own are set. */
function money(
  text: string,
  currency: string,
  language: DocumentLanguage,
  [least, most]: readonly [number, number],
): string {
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  })
  return format.format(text as ExactText)
}

/** Days before months, as everywhere but in the United States. */
function dayLocale(language: DocumentLanguage): string {
  return language === 'en' ? 'en-GB' : language
}
