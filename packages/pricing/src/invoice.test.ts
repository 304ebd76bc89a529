import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  composeInvoice,
  decimal,
  formatMinor,
  type Interval,
  type InvoiceInput,
  type Item,
  type MeteredPrice,
  minorDigits,
  minorRounded,
  type RecurringCharge,
  type UsageCharges,
  WHOLE,
  ZERO,
} from './index.ts'
import { currency, quantity, RUNS, share, simplePrice } from './test-arbitraries.ts'

const MARCH = { periodStart: new Date('2026-03-01Z'), periodEnd: new Date('2026-04-01Z') }
const APRIL = { periodStart: new Date('2026-04-01Z'), periodEnd: new Date('2026-05-01Z') }
const API_CALLS: MeteredPrice = {
  meter: 'API_CALL',
  price: {
    model: 'per_unit',
    included: decimal('10000'),
    minimum: null,
    maximum: null,
    unitPrice: decimal('0.01'),
  },
  quantity: decimal('12000'),
}
const NOTHING_MORE = {
  taxRate: null,
  countsTowardsMinimum: true,
  discountMinor: 0n,
  promotionalMinor: 0n,
  taxMinor: 0n,
}

function aBase(overrides: Partial<RecurringCharge> = {}): RecurringCharge {
  return { amountMinor: 10_000n, share: WHOLE, ...MARCH, ...overrides }
}

function anItem(amountMinor: bigint, overrides: Partial<Item> = {}): Item {
  return { name: 'late usage', amountMinor, ...MARCH, ...overrides }
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
        name: '',
        rule: 'flat',
        ...MARCH,
        quantity: decimal('1'),
        included: ZERO,
        credited: ZERO,
        billable: decimal('1'),
        units: decimal('1'),
        unitPrice: decimal('100'),
        fixed: ZERO,
        amountMinor: 10_000n,
        ...NOTHING_MORE,
      },
      {
        kind: 'usage',
        rule: 'per_unit',
        meter: 'API_CALL',
        dimension: null,
        ...MARCH,
        quantity: decimal('12000'),
        included: decimal('10000'),
        credited: ZERO,
        billable: decimal('2000'),
        units: decimal('2000'),
        unitPrice: decimal('0.01'),
        fixed: ZERO,
        amountMinor: 2_000n,
        ...NOTHING_MORE,
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

  test('bills seats and add-ons like the base price, often and prorated, rounded once', () => {
    const seats = { ...aBase({ amountMinor: 999n }), name: 'Seats', quantity: decimal('2.5') }
    const flats = [seats, { ...seats, share: { part: 1n, whole: 3n } }]
    const { lines } = composeInvoice({ currency: 'USD', base: null, flats, usage: null })
    expect(lines.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['flat', 2498n], // 2,497.5
      ['flat', 833n], // 832.5
    ])
    expect(lines[1]).toMatchObject({ name: 'Seats', quantity: decimal('0.833333333333') })
  })

  test('bills one meter by dimension in lines of its own, in the order of the prices', () => {
    const apart = ['small', 'large'].map((size) => ({ ...API_CALLS, dimension: [size] }))
    const usage = usageOf(...apart, { ...API_CALLS, quantity: decimal('1') })
    const { lines } = composeInvoice({ currency: 'USD', base: null, usage })
    const shown = lines.map((line) => (line.kind === 'usage' ? line.dimension : line.name))
    expect(shown).toEqual([['small'], ['large'], null])
  })

  test('takes credited units after the included ones', () => {
    const usage = usageOf({ ...API_CALLS, credited: decimal('1500') })
    expect(composeInvoice({ currency: 'USD', base: null, usage }).totalMinor).toBe(500n)
  })

  test('bills items at their amount, and what a correction leaves is due only above nothing', () => {
    const items = [anItem(250n, { quantity: decimal('0.5') }), anItem(-12_200n)]
    const usage = usageOf(API_CALLS)
    const invoice = composeInvoice({ currency: 'USD', base: aBase(), usage, items })
    expect(invoice.lines.map(({ amountMinor }) => amountMinor)).toEqual([
      10_000n,
      2_000n,
      125n,
      -12_200n,
    ])
    expect([invoice.totalMinor, invoice.amountDueMinor]).toEqual([-75n, 0n])
  })

  test('bills items alone on an invoice that is not of a period', () => {
    const { lines, totalMinor } = composeInvoice({
      currency: 'USD',
      base: null,
      usage: null,
      items: [anItem(500n)],
    })
    expect(lines).toMatchObject([{ kind: 'item', name: 'late usage' }])
    expect(totalMinor).toBe(500n)
  })

  test('brings a plan to its minimum, to which base and usage count and items do not', () => {
    const plan = { currency: 'USD', base: aBase({ amountMinor: 2000n }), minimumMinor: 5000n }
    const usage = usageOf({ ...API_CALLS, quantity: decimal('10500') })
    const invoice = composeInvoice({ ...plan, usage, items: [anItem(10_000n)] })
    expect(invoice.trueUpMinor).toBe(2500n)
    expect(invoice.lines.at(-1)).toMatchObject({
      kind: 'true_up',
      ...MARCH,
      fixed: decimal('25'),
      amountMinor: 2500n,
    })
  })

  test('taxes each line at its own rate, the true-up at that of the plan', () => {
    const vat = { id: 'vat', percent: decimal('20'), isInclusive: false }
    const low = { ...vat, id: 'low', percent: decimal('5') }
    const invoice = composeInvoice({
      currency: 'USD',
      base: aBase({ amountMinor: 1000n, taxRate: 'vat' }),
      usage: usageOf({ ...API_CALLS, taxRate: 'low' }),
      minimumMinor: 4000n,
      planTaxRate: 'vat',
      taxRates: [vat, low],
    })
    expect(invoice.taxes.map(({ id, taxableMinor }) => [id, taxableMinor])).toEqual([
      ['vat', 2000n],
      ['low', 2000n],
    ])
    expect([invoice.taxMinor, invoice.totalMinor]).toEqual([500n, 4500n])
  })

  test.each<[string, string, bigint, bigint]>([
    ['no minor digits', 'JPY', 1167n, 117n], // ¥166.5 of usage, ¥116.7 of tax
    ['three', 'KWD', 1_166_500n, 116_650n],
    ['four', 'CLF', 11_665_000n, 1_166_500n],
  ])('bills in a currency of %s', (_digits, code, subtotalMinor, taxMinor) => {
    const taxRates = [{ id: 'tax', percent: decimal('10'), isInclusive: false }]
    const each = { ...API_CALLS, price: { ...API_CALLS.price, included: ZERO } }
    const usage = usageOf({ ...each, quantity: decimal('16650'), taxRate: 'tax' })
    const base = aBase({ amountMinor: minorRounded(decimal('1000'), minorDigits(code)) })
    const invoice = composeInvoice({
      currency: code,
      base: { ...base, taxRate: 'tax' },
      usage,
      taxRates,
    })
    expect([invoice.subtotalMinor, invoice.taxMinor]).toEqual([subtotalMinor, taxMinor])
  })

  test.each<[string, Omit<InvoiceInput, 'currency'>]>([
    ['a meter priced twice', { base: aBase(), usage: usageOf(API_CALLS, API_CALLS) }],
    [
      'a dimension priced twice',
      {
        base: null,
        usage: usageOf({ ...API_CALLS, dimension: [1] }, { ...API_CALLS, dimension: [1] }),
      },
    ],
    ['an empty period', { base: aBase({ periodEnd: MARCH.periodStart }), usage: null }],
    ['a negative base', { base: aBase({ amountMinor: -1n }), usage: null }],
    ['less than no seats', { base: aBase({ quantity: decimal('-1') }), usage: null }],
    ['nothing to bill', { base: null, usage: null }],
    [
      'a minimum without a period',
      { base: null, usage: null, items: [anItem(1n)], minimumMinor: 5n },
    ],
  ])('stops at %s instead of billing it', (_what, input) => {
    expect(() => composeInvoice({ currency: 'USD', ...input })).toThrow('invariant broken')
  })

  test('refuses an unknown currency', () => {
    expect(() => composeInvoice({ currency: 'XXX', base: aBase(), usage: null })).toThrow(
      RangeError,
    )
  })

  const interval: fc.Arbitrary<Interval> = fc.constant(MARCH)
  const amountMinor = fc.bigInt({ min: 0n, max: 10n ** 12n })
  const charge = fc
    .tuple(fc.record({ amountMinor, quantity, share }), interval)
    .map(([each, period]): RecurringCharge => ({ ...each, ...period }))
  const inputs = fc
    .record({
      currency,
      base: charge,
      flats: fc.array(charge, { maxLength: 2 }),
      items: fc.array(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((amount) => anItem(amount)),
        { maxLength: 2 },
      ),
      share,
      prices: fc.uniqueArray(
        fc.record({
          meter: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
          price: simplePrice,
          quantity,
          events: fc.bigInt({ min: 0n, max: 5n }),
        }),
        { selector: ({ meter }) => meter },
      ),
    })
    .map(({ share: part, prices, ...rest }) => ({
      ...rest,
      usage: { share: part, prices, ...MARCH },
    }))

  test('totals the lines as they are shown, one at least for each charge and each price with usage', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { lines, totalMinor } = composeInvoice(input)
        const used = input.usage.prices.filter((metered) => metered.quantity > 0n)
        const billed = new Set(lines.map((line) => (line.kind === 'usage' ? line.meter : '')))
        for (const { meter } of used) expect(billed.has(meter)).toBe(true)
        const others = lines.filter(({ kind }) => kind !== 'usage')
        expect(others).toHaveLength(1 + input.flats.length + input.items.length)
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
        const apart = input.usage.prices.map((metered) => {
          const usage = { ...input.usage, prices: [metered] }
          return composeInvoice({ currency: input.currency, base: null, usage })
        })
        const rest = composeInvoice({ ...input, usage: null })
        const sum = [rest, ...apart].reduce((so, { totalMinor }) => so + totalMinor, 0n)
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
  const sum = shown.reduce((so, amount) => so + amount, 0n)
  const total = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0')
  const sign = sum < 0n ? '-' : ''
  return digits === 0 ? sign + total : `${sign}${total.slice(0, -digits)}.${total.slice(-digits)}`
}
