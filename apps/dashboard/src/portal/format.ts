import { majorText, minorDigits } from '@usageflow/pricing'

type ExactText = Intl.StringNumericLiteral

/** Figures and days as readers of a language write them, none of them through a float. */
export type Format = {
  money(amountMinor: string, currency: string): string
  /** A price in the major unit, with as many digits as it has. */
  price(amount: string, currency: string): string
  quantity(quantity: string): string
  day(at: string): string
  /** A month like `2030-04`, as it stands on a card. */
  month(month: string): string
  /** The first and the last day of a half-open period. */
  period(start: string, end: string): string
  /** A short day for the foot of a bar. */
  tick(at: string, window: 'day' | 'month'): string
  instant(at: string): string
}

const FRACTION_DIGITS_MAX = 12

/** `timeZone` is the one in which the organization counts the days on documents. */
export function createFormat(language: string, timeZone: string): Format {
  const locale = isKnown(language) ? language : 'en'
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const days = dates({ dateStyle: 'medium' })
  const price = (amount: string, currency: string) => {
    const digits = minorDigits(currency)
    const fraction = amount.split('.')[1]?.length ?? 0
    return new Intl.NumberFormat(locale, {
      ...{ style: 'currency', currency, minimumFractionDigits: digits },
      maximumFractionDigits: Math.max(digits, fraction),
    }).format(amount as ExactText)
  }
  return {
    price,
    money: (amountMinor, currency) => price(majorText(BigInt(amountMinor), currency), currency),
    quantity: (quantity) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: FRACTION_DIGITS_MAX }).format(
        quantity as ExactText,
      ),
    day: (at) => days.format(new Date(at)),
    month: (month) =>
      new Intl.DateTimeFormat(locale, {
        ...{ timeZone: 'UTC', month: '2-digit', year: 'numeric' },
      }).format(new Date(`${month}-01T00:00:00Z`)),
    period: (start, end) => {
      const last = Math.max(new Date(end).getTime() - 1, new Date(start).getTime())
      return days.formatRange(new Date(start), last)
    },
    tick: (at, window) =>
      dates(window === 'day' ? { day: 'numeric', month: 'short' } : { month: 'short' }).format(
        new Date(at),
      ),
    instant: (at) => dates({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at)),
  }
}

function isKnown(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0
  } catch {
    return false
  }
}
