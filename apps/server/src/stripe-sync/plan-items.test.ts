import { describe, expect, test } from 'vitest'
import type { InvoiceContent } from '../invoicing/invoice.ts'
import { planItems } from './plan-items.ts'

const FROM = new Date('2026-03-01T00:00:00Z')
const TO = new Date('2026-04-01T00:00:00Z')

type Adjusted = readonly [kind: string, amountMinor: bigint, isInclusive?: boolean]

/** An invoice of lines of these amounts, and of what was taken off or put on. */
function content(
  amounts: readonly bigint[],
  adjusted: readonly Adjusted[],
  about: { readonly amountDueMinor: bigint; readonly currency?: string },
): InvoiceContent {
  const lines = amounts.map((amountMinor, index) => ({
    ...{ description: `Line ${index + 1}`, amountMinor, periodStart: FROM, periodEnd: TO },
  }))
  const adjustments = adjusted.map(([kind, amountMinor, isInclusive = false]) => ({
    ...{ kind, name: kind === 'tax' ? 'VAT' : '', amountMinor },
    tax: kind === 'tax' ? { isInclusive } : null,
  }))
  const whole = { number: 'INV-1', currency: 'USD', periodStart: FROM, periodEnd: TO, ...about }
  return { ...whole, lines, adjustments } as unknown as InvoiceContent // the rest is not looked at
}

const shown = (of: InvoiceContent) =>
  planItems(of)?.map(({ itemNo, description, amountMinor }) => [itemNo, description, amountMinor])

test('has the lines, then what was taken off and put on, in order; nothing of nothing', () => {
  const adjusted: Adjusted[] = [
    ...([
      ['unit_credit', 0n],
      ['discount', 100n],
      ['promotional', 50n],
    ] as const),
    ...([
      ['tax', 162n],
      ['prepaid', 12n],
    ] as const),
  ]
  expect(shown(content([1_000n, 0n, -150n], adjusted, { amountDueMinor: 850n }))).toEqual([
    [1, 'Line 1', 1_000n],
    [2, 'Line 3', -150n],
    [3, 'Discount', -100n],
    [4, 'Credit', -50n],
    [5, 'VAT', 162n],
    [6, 'Credit', -12n],
  ])
})

test('leaves out a tax that the lines include', () => {
  const invoice = content([1_190n], [['tax', 190n, true]], { amountDueMinor: 1_190n })
  expect(shown(invoice)).toEqual([[1, 'Line 1', 1_190n]])
})

describe('is one item of all that is due', () => {
  const whole = (amount: bigint) => [[1, 'Invoice INV-1', amount]]

  test('where there are more than Stripe takes', () => {
    const amounts = Array.from({ length: 251 }, () => 1n)
    expect(shown(content(amounts, [], { amountDueMinor: 251n }))).toEqual(whole(251n))
    expect(shown(content(amounts.slice(1), [], { amountDueMinor: 250n }))).toHaveLength(250)
  })

  test('where a line is no whole step of the currency at Stripe', () => {
    const about = { amountDueMinor: 10n, currency: 'KWD' }
    expect(shown(content([3n, 7n], [], about))).toEqual(whole(10n))
  })

  test('where the lines come to something else', () => {
    expect(shown(content([3n], [], { amountDueMinor: 4n }))).toEqual(whole(4n))
  })
})

test('is nothing where not even that can be billed', () => {
  expect(planItems(content([3n], [], { amountDueMinor: 3n, currency: 'KWD' }))).toBeNull()
})
