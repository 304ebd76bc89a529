import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, type SettledLine, type Settlement, settle, type Terms } from './index.ts'
import { RUNS } from './test-arbitraries.ts'

const VAT = { id: 'vat', percent: decimal('19'), isInclusive: false }
const GST = { id: 'gst', percent: decimal('10'), isInclusive: true }

function settled(charged: readonly SettledLine[], given: Terms): Settlement<SettledLine> {
  return settle(charged, given, (amountMinor) => ({
    amountMinor,
    taxRate: null,
    countsTowardsMinimum: true,
  }))
}

const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 9n }),
  fc.bigInt({ min: 0n, max: 20n }),
  fc.bigInt({ min: -(10n ** 5n), max: -1n }),
)
const rates = [
  VAT,
  GST,
  { id: 'fine', percent: decimal('8.875'), isInclusive: false },
  { id: 'none', percent: decimal('0'), isInclusive: true },
]
const lines = fc.array(
  fc
    .record({
      amountMinor: amount,
      taxRate: fc.option(fc.constantFrom(...rates.map(({ id }) => id))),
      meter: fc.option(fc.constantFrom('A', 'B', 'C'), { nil: undefined }),
    })
    .map(
      ({ meter, ...line }): SettledLine => ({
        ...line,
        countsTowardsMinimum: line.amountMinor >= 0n,
        ...(meter === undefined ? {} : { meter }),
      }),
    ),
  { maxLength: 8 },
)
const coupons = fc.array(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 200n }).map((percent) => ({ percent: decimal(String(percent)) })),
    fc.bigInt({ min: 0n, max: 10n ** 6n }).map((amountMinor) => ({ amountMinor })),
  ),
  { maxLength: 3 },
)
const grants = fc.array(
  fc.record({
    leftMinor: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    meters: fc.option(fc.subarray(['A', 'B', 'C'])),
  }),
  { maxLength: 3 },
)
const terms = fc
  .record({
    coupons,
    minimumMinor: fc.option(fc.bigInt({ min: 0n, max: 10n ** 6n })),
    promotional: grants,
    prepaid: grants,
  })
  .map(
    (given): Terms => ({
      coupons: given.coupons.map((coupon, index) => ({ id: `c${index}`, ...coupon })),
      minimumMinor: given.minimumMinor,
      promotional: given.promotional.map((grant, index) => ({ id: `p${index}`, ...grant })),
      prepaid: given.prepaid.map((grant, index) => ({ id: `q${index}`, ...grant })),
      taxRates: rates,
    }),
  )

describe('whatever the lines and the terms', () => {
  test('what the lines bear adds up to the sums of the invoice', () => {
    fc.assert(
      fc.property(lines, terms, (charged, given) => {
        const invoice = settled(charged, given)
        const borne = (of: (line: (typeof invoice.lines)[number]) => bigint) =>
          sumOf(invoice.lines.map(of))
        expect(borne((line) => line.discountMinor)).toBe(amountOf(invoice.discounts))
        expect(borne((line) => line.promotionalMinor)).toBe(amountOf(invoice.promotional))
        expect(borne((line) => line.taxMinor)).toBe(invoice.taxMinor)
        expect(invoice.taxMinor).toBe(amountOf(invoice.taxes))
        expect(borne((line) => line.amountMinor)).toBe(invoice.subtotalMinor + invoice.trueUpMinor)
      }),
      RUNS,
    )
  })

  test('the total is what the lines come to, less what was taken off, and tax that is not in them', () => {
    fc.assert(
      fc.property(lines, terms, (charged, given) => {
        const invoice = settled(charged, given)
        const added = amountOf(invoice.taxes.filter(({ isInclusive }) => !isInclusive))
        const takenOff = amountOf(invoice.discounts) + amountOf(invoice.promotional)
        const { subtotalMinor, trueUpMinor, totalMinor } = invoice
        expect(totalMinor).toBe(subtotalMinor + trueUpMinor - takenOff + added)
        expect(invoice.amountDueMinor).toBe(
          totalMinor > 0n ? totalMinor - amountOf(invoice.prepaid) : 0n,
        )
        expect(invoice.amountDueMinor >= 0n).toBe(true)
      }),
      RUNS,
    )
  })

  test('no grant and no coupon gives more than it has', () => {
    fc.assert(
      fc.property(lines, terms, (charged, given) => {
        const invoice = settled(charged, given)
        const granted = [...(given.promotional ?? []), ...(given.prepaid ?? [])]
        const left = new Map(granted.map((grant) => [grant.id, grant.leftMinor]))
        for (const { id, amountMinor } of [...invoice.promotional, ...invoice.prepaid])
          expect(amountMinor > 0n && amountMinor <= (left.get(id) ?? 0n)).toBe(true)
        const amounts = (given.coupons ?? []).map((coupon) =>
          'amountMinor' in coupon ? coupon.amountMinor : 10n ** 12n,
        )
        const isRight = invoice.discounts.map(
          ({ amountMinor: off }, index) => off >= 0n && off <= (amounts[index] ?? 0n),
        )
        expect(isRight).not.toContain(false)
      }),
      RUNS,
    )
  })

  test('without corrections nothing is negative, and no line bears more than it comes to', () => {
    const charges = lines.map((all) => all.filter(({ amountMinor }) => amountMinor >= 0n))
    fc.assert(
      fc.property(charges, terms, (charged, given) => {
        const invoice = settled(charged, given)
        expect(invoice.totalMinor >= 0n).toBe(true)
        for (const line of invoice.lines) {
          const takenOff = line.discountMinor + line.promotionalMinor
          expect(takenOff >= 0n && takenOff <= line.amountMinor).toBe(true)
          expect(line.taxMinor >= 0n).toBe(true)
        }
      }),
      RUNS,
    )
  })

  test('the plan costs its minimum, whatever the coupons', () => {
    fc.assert(
      fc.property(lines, terms, (charged, given) => {
        const { lines: borne } = settled(charged, given)
        const counting = borne.filter(({ countsTowardsMinimum }) => countsTowardsMinimum)
        const net = counting.map((line) => line.amountMinor - line.discountMinor)
        expect(sumOf(net) >= (given.minimumMinor ?? 0n)).toBe(true)
      }),
      RUNS,
    )
  })

  test('the order of the lines moves no sum', () => {
    fc.assert(
      fc.property(lines, terms, (charged, given) => {
        const unscoped = { ...given, promotional: [], prepaid: [], coupons: [] }
        const invoice = settled(charged, unscoped)
        const reversed = settled(charged.toReversed(), unscoped)
        expect(reversed.taxes).toEqual(invoice.taxes)
        expect(reversed.totalMinor).toBe(invoice.totalMinor)
      }),
      RUNS,
    )
  })
})

function sumOf(all: readonly bigint[]): bigint {
  return all.reduce((so, each) => so + each, 0n)
}

function amountOf(all: readonly { readonly amountMinor: bigint }[]): bigint {
  return sumOf(all.map(({ amountMinor }) => amountMinor))
}
