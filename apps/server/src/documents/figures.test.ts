import { decimal } from '@usageflow/pricing'
import { describe, expect, test } from 'vitest'
import { dayText, moneyText, periodText, priceText, quantityText } from './figures.ts'

/** `Intl` puts spaces that do not break between a figure and its currency. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ')
}

describe('an amount', () => {
  test.each([
    [12_000n, 'USD', 'en', '$120.00'],
    [123_456_789n, 'EUR', 'de', '1.234.567,89 €'],
    [-275n, 'USD', 'en', '-$2.75'],
    [1_217n, 'JPY', 'en', '¥1,217'],
    [1_005n, 'KWD', 'en', 'KWD 1.005'],
    [500n, 'IRR', 'en', 'IRR 5.00'], // people write no digits, ISO 4217 has two
    [0n, 'EUR', 'fr', '0,00 €'],
  ] as const)('of %d %s is written for %s as %s', (amountMinor, currency, language, text) => {
    expect(plain(moneyText(amountMinor, currency, language))).toBe(text)
  })

  test('keeps every digit beyond what a float holds', () => {
    expect(moneyText(900_719_925_474_099_300_01n, 'USD', 'en')).toBe('$900,719,925,474,099,300.01')
  })
})

test('a price has as many digits as it needs, and those of its currency at least', () => {
  expect(priceText(decimal('0.000003'), 'USD', 'en')).toBe('$0.000003')
  expect(priceText(decimal('0.9'), 'USD', 'en')).toBe('$0.90')
  expect(plain(priceText(decimal('0.000000000001'), 'EUR', 'de'))).toBe('0,000000000001 €')
})

test('a quantity is grouped and keeps its digits', () => {
  expect(quantityText(decimal('1260000'), 'en')).toBe('1,260,000')
  expect(quantityText(decimal('12345678901234567890.000000000001'), 'de')).toBe(
    '12.345.678.901.234.567.890,000000000001',
  )
})

test('a period says its first and last day, in the zone of its readers', () => {
  const march = { start: new Date('2026-03-01T00:00:00Z'), end: new Date('2026-04-01T00:00:00Z') }
  expect(periodText(march, 'en', 'UTC')).toBe('1 Mar 2026 – 31 Mar 2026')
  const inTokyo = { start: new Date('2026-02-28T15:00:00Z'), end: new Date('2026-03-31T15:00:00Z') }
  expect(periodText(inTokyo, 'de', 'Asia/Tokyo')).toBe('01.03.2026 – 31.03.2026')
  const oneDay = { start: march.start, end: new Date('2026-03-02T00:00:00Z') }
  expect(periodText(oneDay, 'en', 'UTC')).toBe('1 Mar 2026')
  expect(dayText(march.start, 'fr', 'UTC')).toBe('1 mars 2026')
})
