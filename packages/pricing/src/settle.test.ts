import { describe, expect, test } from 'vitest'
import { decimal, type SettledLine, type Settlement, settle, type Terms } from './index.ts'

const VAT = { id: 'vat', percent: decimal('19'), isInclusive: false }
const GST = { id: 'gst', percent: decimal('10'), isInclusive: true }

type TestLine = SettledLine & { readonly name?: string }

function aLine(amountMinor: bigint, overrides: Partial<TestLine> = {}): TestLine {
  return { amountMinor, taxRate: null, countsTowardsMinimum: true, ...overrides }
}

function trueUp(amountMinor: bigint): TestLine {
  return aLine(amountMinor, { name: 'true-up' })
}

function settled(lines: readonly TestLine[], terms: Terms): Settlement<TestLine> {
  return settle(lines, terms, trueUp)
}

describe('coupons', () => {
  test('apply one after the other, a percentage to what the earlier ones left', () => {
    const coupons = [
      { id: 'ten percent', percent: decimal('10') },
      { id: 'five', amountMinor: 500n },
      { id: 'half', percent: decimal('50') },
    ]
    const { discounts, totalMinor } = settled([aLine(12_000n)], { coupons })
    expect(discounts.map(({ amountMinor }) => amountMinor)).toEqual([1200n, 500n, 5150n])
    expect(totalMinor).toBe(5150n)
  })

  test.each([
    ['larger than the lines', { amountMinor: 501n }],
    ['of all the lines', { amountMinor: 500n }],
    ['of 100 percent', { percent: decimal('100') }],
    ['of more than 100 percent', { percent: decimal('250') }],
  ])('%s take off what there is and no more', (_what, coupon) => {
    const { discounts, totalMinor, lines } = settled([aLine(300n), aLine(200n)], {
      coupons: [
        { id: 'c', ...coupon },
        { id: 'late', amountMinor: 1n },
      ],
    })
    expect(discounts).toEqual([
      { id: 'c', amountMinor: 500n },
      { id: 'late', amountMinor: 0n },
    ])
    expect(lines.map(({ discountMinor }) => discountMinor)).toEqual([300n, 200n])
    expect(totalMinor).toBe(0n)
  })

  test.each([
    ['25', 3n],
    ['24.9999999999', 2n],
    ['15', 2n],
    ['14.9999999999', 1n],
  ])('of %s percent of 10 take off %d: a tie goes away from zero', (percent, off) => {
    const coupons = [{ id: 'c', percent: decimal(percent) }]
    expect(settled([aLine(10n)], { coupons }).discounts[0]?.amountMinor).toBe(off)
  })

  test('take nothing off where corrections come to more than the rest', () => {
    const { discounts, totalMinor, amountDueMinor } = settled([aLine(100n), aLine(-150n)], {
      coupons: [{ id: 'c', amountMinor: 30n }],
    })
    expect(discounts).toEqual([{ id: 'c', amountMinor: 0n }])
    expect([totalMinor, amountDueMinor]).toEqual([-50n, 0n])
  })

  test('are borne by a correction as well, against its sign', () => {
    const { lines } = settled([aLine(150n), aLine(-50n)], {
      coupons: [{ id: 'c', percent: decimal('50') }],
    })
    expect(lines.map(({ discountMinor }) => discountMinor)).toEqual([75n, -25n])
  })
})

describe('the minimum of a plan', () => {
  test.each([
    ['one below', 4999n, 1n],
    ['at', 5000n, 0n],
    ['one above', 5001n, 0n],
    ['nothing', 0n, 5000n],
  ])('adds what is missing: %s', (_where, amount, expected) => {
    const { trueUpMinor, subtotalMinor, lines } = settled([aLine(amount)], { minimumMinor: 5000n })
    expect([trueUpMinor, subtotalMinor]).toEqual([expected, amount])
    expect(lines.filter(({ name }) => name === 'true-up')).toHaveLength(expected > 0n ? 1 : 0)
  })

  test('comes after coupons, so that they cannot undercut it', () => {
    const terms = { coupons: [{ id: 'half', percent: decimal('50') }], minimumMinor: 7500n }
    expect(settled([aLine(12_000n)], terms).trueUpMinor).toBe(1500n)
  })

  test('comes before credits: they pay it like anything else', () => {
    const terms = { minimumMinor: 5000n, promotional: [{ id: 'g', leftMinor: 9000n }] }
    const { trueUpMinor, totalMinor } = settled([aLine(2000n)], terms)
    expect([trueUpMinor, totalMinor]).toEqual([3000n, 0n])
  })

  test('is not met by what is not of the plan and the period', () => {
    const lines = [aLine(2000n), aLine(9000n, { countsTowardsMinimum: false })]
    expect(settled(lines, { minimumMinor: 5000n }).trueUpMinor).toBe(3000n)
    const correction = [aLine(5000n), aLine(-4000n, { countsTowardsMinimum: false })]
    expect(settled(correction, { minimumMinor: 5000n }).trueUpMinor).toBe(0n)
  })
})

describe('promotional credits', () => {
  test('lower what is taxed', () => {
    const { taxes, totalMinor } = settled([aLine(12_000n, { taxRate: 'vat' })], {
      promotional: [{ id: 'g', leftMinor: 2000n }],
      taxRates: [VAT],
    })
    expect(taxes).toEqual([{ ...VAT, taxableMinor: 10_000n, amountMinor: 1900n }])
    expect(totalMinor).toBe(11_900n)
  })

  test('pay for the usage of their meters only', () => {
    const lines = [aLine(100n, { meter: 'A' }), aLine(50n, { meter: 'B' }), aLine(70n)]
    const promotional = [
      { id: 'for B', leftMinor: 80n, meters: ['B', 'C'] },
      { id: 'for all', leftMinor: 200n, meters: null },
    ]
    const { promotional: used, lines: borne } = settled(lines, { promotional })
    expect(used).toEqual([
      { id: 'for B', amountMinor: 50n },
      { id: 'for all', amountMinor: 170n },
    ])
    expect(borne.map(({ promotionalMinor }) => promotionalMinor)).toEqual([100n, 50n, 70n])
  })

  test('are not used where corrections have left nothing to pay', () => {
    const lines = [aLine(100n, { meter: 'A' }), aLine(-80n)]
    const promotional = [{ id: 'g', leftMinor: 60n, meters: ['A'] }]
    expect(settled(lines, { promotional }).promotional).toEqual([{ id: 'g', amountMinor: 20n }])
    const none = settled([aLine(100n), aLine(-100n)], { promotional: [{ id: 'g', leftMinor: 1n }] })
    expect(none.promotional).toEqual([])
  })
})

describe('tax', () => {
  test('is rounded once for all lines of a rate, and each line bears a part', () => {
    const lines = Array.from({ length: 3 }, () => aLine(105n, { taxRate: 'vat' }))
    const { taxMinor, lines: taxed, totalMinor } = settled(lines, { taxRates: [VAT] })
    expect(taxMinor).toBe(60n) // 59.85; three times 19.95 rounded would be 60 as well
    expect(taxed.map((line) => line.taxMinor)).toEqual([20n, 20n, 20n])
    expect(totalMinor).toBe(375n)
    const cents = Array.from({ length: 5 }, () => aLine(1n, { taxRate: 'vat' }))
    const { taxMinor: once } = settled(cents, { taxRates: [VAT] })
    expect(once).toBe(1n) // 0.95; five times 0.19 rounded would be 0
  })

  test('that is inclusive is taken out of the prices and changes no total', () => {
    const { taxes, totalMinor, lines } = settled([aLine(12_000n, { taxRate: 'gst' })], {
      taxRates: [GST],
    })
    expect(taxes).toEqual([{ ...GST, taxableMinor: 12_000n, amountMinor: 1091n }])
    expect([totalMinor, lines[0]?.taxMinor]).toEqual([12_000n, 1091n])
  })

  test('of several rates stands beside lines that are not taxed', () => {
    const lines = [
      aLine(1000n, { taxRate: 'vat' }),
      aLine(1100n, { taxRate: 'gst' }),
      aLine(500n),
      aLine(2000n, { taxRate: 'vat' }),
    ]
    const unused = { id: 'unused', percent: decimal('7'), isInclusive: false }
    const invoice = settled(lines, { taxRates: [GST, unused, VAT] })
    expect(invoice.taxes.map(({ id, amountMinor }) => [id, amountMinor])).toEqual([
      ['gst', 100n],
      ['vat', 570n],
    ])
    expect([invoice.taxMinor, invoice.totalMinor]).toEqual([670n, 5170n])
  })

  test('of corrections is given back, rounded like a charge', () => {
    const charge = settled([aLine(250n, { taxRate: 'vat' })], { taxRates: [VAT] })
    const credit = settled([aLine(-250n, { taxRate: 'vat' })], { taxRates: [VAT] })
    expect(charge.taxMinor).toBe(48n) // 47.5 away from zero
    expect(credit.taxMinor).toBe(-48n)
    expect([credit.totalMinor, credit.amountDueMinor]).toEqual([-298n, 0n])
  })

  test('of 0 percent is shown, at 0', () => {
    const zero = { ...VAT, percent: decimal('0') }
    const { taxes } = settled([aLine(250n, { taxRate: 'vat' })], { taxRates: [zero] })
    expect(taxes).toEqual([{ ...zero, taxableMinor: 250n, amountMinor: 0n }])
  })
})

describe('prepaid credits', () => {
  test('pay after tax, and leave the total as it is', () => {
    const { totalMinor, prepaid, amountDueMinor } = settled([aLine(12_000n, { taxRate: 'vat' })], {
      taxRates: [VAT],
      prepaid: [{ id: 'g', leftMinor: 2000n }],
    })
    expect([totalMinor, amountDueMinor]).toEqual([14_280n, 12_280n])
    expect(prepaid).toEqual([{ id: 'g', amountMinor: 2000n }])
  })

  test('pay for their meters what nothing has paid yet, tax included', () => {
    const lines = [aLine(100n, { meter: 'A', taxRate: 'vat' }), aLine(100n, { meter: 'B' })]
    const { prepaid, amountDueMinor } = settled(lines, {
      taxRates: [VAT],
      prepaid: [
        { id: 'any', leftMinor: 110n },
        { id: 'for A', leftMinor: 500n, meters: ['A'] },
      ],
    })
    expect(prepaid).toEqual([
      { id: 'any', amountMinor: 110n },
      { id: 'for A', amountMinor: 59n }, // 119 less the 60 that it got of the 110
    ])
    expect(amountDueMinor).toBe(50n)
  })

  test('pay no more together than is due, though their meters have more to pay', () => {
    const lines = [aLine(100n, { meter: 'A' }), aLine(-80n)]
    const prepaid = ['a', 'b'].map((id) => ({ id, leftMinor: 15n, meters: ['A'] }))
    const invoice = settled(lines, { prepaid })
    expect(invoice.prepaid.map(({ amountMinor }) => amountMinor)).toEqual([15n, 5n])
    expect(invoice.amountDueMinor).toBe(0n)
  })

  test('are left alone where nothing is due', () => {
    const lines = [aLine(100n), aLine(-100n)]
    const { prepaid, amountDueMinor } = settled(lines, { prepaid: [{ id: 'g', leftMinor: 5n }] })
    expect([prepaid, amountDueMinor]).toEqual([[], 0n])
  })
})

test('no lines and no terms come to nothing', () => {
  expect(settled([], {})).toMatchObject({ lines: [], totalMinor: 0n, amountDueMinor: 0n })
})

test.each<[string, Terms]>([
  ['a coupon that adds', { coupons: [{ id: 'c', amountMinor: -1n }] }],
  ['a percentage that adds', { coupons: [{ id: 'c', percent: decimal('-1') }] }],
  ['a grant of less than nothing', { promotional: [{ id: 'g', leftMinor: -1n }] }],
  ['a prepaid grant of less than nothing', { prepaid: [{ id: 'g', leftMinor: -1n }] }],
  ['a rate below nothing', { taxRates: [{ ...VAT, percent: decimal('-1') }] }],
  ['a rate twice, which would tax twice', { taxRates: [VAT, VAT] }],
  ['an unknown rate', { taxRates: [GST] }],
])('stops at %s', (_what, terms) => {
  expect(() => settled([aLine(100n, { taxRate: 'vat' })], { taxRates: [VAT], ...terms })).toThrow(
    'invariant broken',
  )
})
