import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BaseCharge,
  composeInvoice,
  decimal,
  formatMinor,
  type MeteredPrice,
  minorDigits,
  type UsageCharges,
  WHOLE,
} from './index.ts'
import { currency, price, quantity, RUNS, share } from './test-arbitraries.ts'

const MARCH = { periodStart: new Date('2026-03-01Z'), periodEnd: new Date('2026-04-01Z') }
const APRIL = { periodStart: new Date('2026-04-01Z'), periodEnd: new Date('2026-05-01Z') }
const API_CALLS: MeteredPrice = {
  meter: 'API_CALL',
  price: { kind: 'per_unit', included: decimal('10000'), unitPrice: decimal('0.01') },
  quantity: decimal('12000'),
}

function aBase(overrides: Partial<BaseCharge> = {}): BaseCharge {
  return { amountMinor: 10_000n, share: WHOLE, ...MARCH, ...overrides }
}

function usageOf(...prices: MeteredPrice[]): UsageCharges {
  return { share: WHOLE, prices, ...MARCH }
}

describe('composeInvoice', () => {
  test('bills the example of the guide: $100 and 2,000 calls beyond 10,000 at $0.01 are $120.00', () => {
    const invoice = composeInvoice({ currency: 'USD', base: aBase(), usage: usageOf(API_CALLS) })

    expect(formatMinor(invoice.totalMinor, 'USD')).toBe('120.00')
    expect(invoice.lines).toEqual([
      {
        kind: 'base',
        ...MARCH,
        quantity: decimal('1'),
        included: decimal('0'),
        billable: decimal('1'),
        unitPrice: decimal('100'),
        amountMinor: 10_000n,
      },
      {
        kind: 'usage',
        meter: 'API_CALL',
        ...MARCH,
        quantity: decimal('12000'),
        included: decimal('10000'),
        billable: decimal('2000'),
        unitPrice: decimal('0.01'),
        amountMinor: 2_000n,
      },
    ])
  })

  test('bills the base without usage, and has a base line also when the base is free', () => {
    const unused = usageOf({ ...API_CALLS, quantity: decimal('0') })
    const billed = composeInvoice({ currency: 'USD', base: aBase(), usage: unused })
    expect(billed.lines.map((line) => line.amountMinor)).toEqual([10_000n])

    const free = composeInvoice({
      currency: 'USD',
      base: aBase({ amountMinor: 0n }),
      usage: unused,
    })
    expect(free.lines.map((line) => line.kind)).toEqual(['base'])
    expect(free.totalMinor).toBe(0n)
  })

  test('bills the base in advance for the period after that of the usage', () => {
    const first = composeInvoice({ currency: 'USD', base: aBase(), usage: null })
    const next = composeInvoice({ currency: 'USD', base: aBase(APRIL), usage: usageOf(API_CALLS) })
    const last = composeInvoice({ currency: 'USD', base: null, usage: usageOf(API_CALLS) })

    expect(first.totalMinor).toBe(10_000n)
    expect(next.lines.map(({ kind, periodStart }) => [kind, periodStart])).toEqual([
      ['base', APRIL.periodStart],
      ['usage', MARCH.periodStart],
    ])
    expect(last.lines.map(({ kind }) => kind)).toEqual(['usage'])
  })

  test('prorates base and included units by their own shares', () => {
    const half = { part: 1n, whole: 2n }
    const usage = { ...usageOf(API_CALLS), share: half }
    const invoice = composeInvoice({ currency: 'USD', base: aBase({ share: half }), usage })
    expect(invoice.lines.map((line) => line.amountMinor)).toEqual([5_000n, 7_000n])
    expect(invoice.lines[0]).toMatchObject({ quantity: decimal('0.5'), unitPrice: decimal('100') })
  })

  test('prorates a base from the exact share, not from its 12 digits', () => {
    const base = aBase({ amountMinor: 15n * 10n ** 12n, share: { part: 1n, whole: 3n } })
    expect(composeInvoice({ currency: 'USD', base, usage: null }).totalMinor).toBe(5n * 10n ** 12n)
  })

  test.each([
    ['a meter priced twice', { base: aBase(), usage: usageOf(API_CALLS, API_CALLS) }],
    ['an empty period', { base: aBase({ periodEnd: MARCH.periodStart }), usage: null }],
    ['a negative base', { base: aBase({ amountMinor: -1n }), usage: null }],
    ['nothing to bill', { base: null, usage: null }],
  ])('stops at %s instead of billing it', (_what, input) => {
    expect(() => composeInvoice({ currency: 'USD', ...input })).toThrow('invariant broken')
  })

  test('refuses an unknown currency', () => {
    expect(() => composeInvoice({ currency: 'XXX', base: aBase(), usage: null })).toThrow(
      RangeError,
    )
  })

  const inputs = fc.record({
    currency,
    base: fc.record({
      amountMinor: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      share,
      periodStart: fc.constant(MARCH.periodStart),
      periodEnd: fc.constant(MARCH.periodEnd),
    }),
    usage: fc.record({
      share,
      periodStart: fc.constant(MARCH.periodStart),
      periodEnd: fc.constant(MARCH.periodEnd),
      prices: fc.uniqueArray(
        fc.record({ meter: fc.constantFrom('A', 'B', 'C', 'D', 'E'), price, quantity }),
        { selector: ({ meter }) => meter },
      ),
    }),
  })

  test('totals the lines as they are shown, and gives one for the base and each price with usage', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { lines, totalMinor } = composeInvoice(input)
        const used = input.usage.prices.filter((metered) => metered.quantity > 0n)
        expect(lines).toHaveLength(1 + used.length)
        expect(shownTotal(lines, input.currency)).toBe(formatMinor(totalMinor, input.currency))
      }),
      RUNS,
    )
  })

  test('gives the same invoice for the same input, and bills each price alone as beside others', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const whole = composeInvoice(input)
        expect(composeInvoice(input)).toEqual(whole)
        const apart = input.usage.prices.map((metered) =>
          composeInvoice({ ...input, base: null, usage: { ...input.usage, prices: [metered] } }),
        )
        const base = composeInvoice({ ...input, usage: null })
        const sum = [base, ...apart].reduce((so, { totalMinor }) => so + totalMinor, 0n)
        expect(sum).toBe(whole.totalMinor)
      }),
      RUNS,
    )
  })
})

/** Adds up amounts by their printed digits, as a customer would. */
function shownTotal(lines: readonly { amountMinor: bigint }[], code: string): string {
  const shown = lines.map((line) => BigInt(formatMinor(line.amountMinor, code).replace('.', '')))
  const digits = minorDigits(code)
  const total = shown
    .reduce((so, amount) => so + amount, 0n)
    .toString()
    .padStart(digits + 1, '0')
  return digits === 0 ? total : `${total.slice(0, -digits)}.${total.slice(-digits)}`
}
