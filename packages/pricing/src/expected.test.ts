import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  composeInvoice,
  type Decimal,
  decimal,
  formatDecimal,
  type InvoiceInput,
  type Line,
  type MeteredPrice,
  minorFromDecimal,
  parsePrice,
  type Share,
  type SimplePrice,
  takeCredits,
  WHOLE,
  ZERO,
} from './index.ts'

/** Invoices computed with exact fractions by a program of its own, where they stand beside the checkout. */
const DATA = new URL('../../../../shared/data/', import.meta.url)
const PERIOD = { periodStart: new Date('2015-05-01Z'), periodEnd: new Date('2015-06-01Z') }
const NOVEMBER = { periodStart: new Date('2023-11-01Z'), periodEnd: new Date('2023-12-01Z') }

type RulesCase = {
  readonly name: string
  readonly currency: string
  readonly base?: string
  readonly elapsedSeconds?: number
  readonly periodSeconds?: number
  readonly prices: readonly ({ readonly meter: string; readonly model: string } & object)[]
  readonly usage: Readonly<Record<string, { readonly quantity: string; readonly count: number }>>
  readonly unitCredits?: Readonly<Record<string, string>>
  readonly coupons?: readonly ({ readonly percent: string } | { readonly amount: string })[]
  readonly planMinimum?: string
  readonly promotionalCredit?: string
  readonly prepaidCredit?: string
  readonly taxPercent?: string
  readonly taxInclusive?: boolean
}

describe('invoices computed elsewhere', () => {
  test('agree in every field with each of the 32 cases', () => {
    const rows = read<{ case: RulesCase; invoice: unknown }[]>('expected-rules.json')
    if (rows === null) return
    for (const row of rows)
      expect({ name: row.case.name, invoice: invoiceOf(row.case) }).toEqual({
        name: row.case.name,
        invoice: row.invoice,
      })
    expect(rows).toHaveLength(32)
  })

  test('agree line by line with every customer of a real access log', () => {
    const log = read<Expected<{ totalCents: number }>>('expected-access-log.json')
    if (log === null) return
    for (const [customer, { quantities, linesCents, totalCents }] of Object.entries(
      log.customers,
    )) {
      const { lines, amountDueMinor } = composeInvoice({
        currency: 'USD',
        base: { amountMinor: 500n, share: WHOLE, ...PERIOD },
        usage: { share: WHOLE, prices: meteredPrices(EDGE, quantities), ...PERIOD },
      })
      const found = { ...sums(lines, Object.keys(linesCents)), due: Number(amountDueMinor) }
      expect({ customer, ...found }).toEqual({ customer, ...linesCents, due: totalCents })
    }
    expect(Object.keys(log.customers)).toHaveLength(1753)
  })

  test('agree in lines, credits and amount due with every tenant of a real LLM service', () => {
    const trace = read<Expected<LlmTotals>>('expected-llm.json')
    if (trace === null) return
    for (const [tenant, expected] of Object.entries(trace.customers)) {
      const { quantities, linesCents } = expected
      const prices = meteredPrices(INFERENCE, quantities).map((metered) =>
        metered.meter === 'INPUT_TOKEN' ? credited(metered, WHOLE, decimal('20000')) : metered,
      )
      const invoice = composeInvoice({
        currency: 'USD',
        base: { amountMinor: 2000n, share: WHOLE, ...NOVEMBER },
        usage: { share: WHOLE, prices, ...NOVEMBER },
        prepaid: [{ id: 'credit', leftMinor: 500n }],
      })
      expect({ tenant, ...sums(invoice.lines, Object.keys(linesCents)) }).toEqual({
        tenant,
        ...linesCents,
      })
      expect({
        unitCreditsUsed: formatDecimal(prices[0]?.credited ?? ZERO),
        subtotalCents: Number(invoice.subtotalMinor),
        monetaryCreditCents: Number(totalOf(invoice.prepaid)),
        amountDueCents: Number(invoice.amountDueMinor),
      }).toEqual({
        unitCreditsUsed: expected.unitCreditsUsed,
        subtotalCents: expected.subtotalCents,
        monetaryCreditCents: expected.monetaryCreditCents,
        amountDueCents: expected.amountDueCents,
      })
    }
    expect(Object.keys(trace.customers)).toHaveLength(40)
  })
})

type Expected<Totals> = {
  readonly customers: Readonly<
    Record<
      string,
      {
        readonly quantities: Readonly<Record<string, string>>
        readonly linesCents: Readonly<Record<string, number>>
      } & Totals
    >
  >
}

type LlmTotals = {
  readonly unitCreditsUsed: string
  readonly subtotalCents: number
  readonly monetaryCreditCents: number
  readonly amountDueCents: number
}

const EDGE: Readonly<Record<string, SimplePrice>> = {
  REQUESTS: simple({ model: 'per_unit', included: '50', unitPrice: '0.002' }),
  BANDWIDTH: simple({
    model: 'graduated',
    tiers: [
      { upTo: '0.01', unitPrice: '0' },
      { upTo: '0.05', unitPrice: '0.9' },
      { upTo: null, unitPrice: '0.6' },
    ],
  }),
  LARGEST: simple({ model: 'per_unit', unitPrice: '0.0000001' }),
  PATHS: simple({ model: 'package', packageSize: '10', packagePrice: '0.05' }),
}

const INFERENCE: Readonly<Record<string, SimplePrice>> = {
  INPUT_TOKEN: simple({ model: 'per_unit', included: '100000', unitPrice: '0.000003' }),
  OUTPUT_TOKEN: simple({
    model: 'volume',
    tiers: [
      { upTo: '5000', unitPrice: '0.000015' },
      { upTo: null, unitPrice: '0.000012' },
    ],
  }),
}

/** The parsed file, or null, and a word on it, where it is not there. */
function read<T>(name: string): T | null {
  const file = new URL(name, DATA)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T
  // biome-ignore lint/suspicious/noConsole: a comparison that did not take place must be seen
  console.info(`${name} is not beside this checkout: nothing was compared with it`)
  return null
}

function simple(json: object): SimplePrice {
  const price = parsePrice(json)
  if (price.model === 'by_dimension') throw new TypeError('that is several prices')
  return price
}

function meteredPrices(
  prices: Readonly<Record<string, SimplePrice>>,
  quantities: Readonly<Record<string, string>>,
): MeteredPrice[] {
  return Object.entries(prices).map(([meter, price]) => ({
    meter,
    price,
    quantity: decimal(quantities[meter] ?? '0'),
  }))
}

/** Credits of the whole period, for the units beyond the included ones. */
function credited(metered: MeteredPrice, share: Share, units: Decimal): MeteredPrice {
  const { periodStart: from, periodEnd: until } = PERIOD
  const grant = { id: 'g', units, priority: 0, from, to: null, isPromotional: false }
  const usage = [{ until, quantities: [metered.quantity] }]
  const taken = takeCredits([metered.price.included], share, usage, [{ ...grant, grantedAt: from }])
  return { ...metered, credited: taken.credited[0] ?? ZERO }
}

/** A case in the words of the file that it comes from, computed by us. */
function invoiceOf(rules: RulesCase) {
  const prices = rules.prices.map(({ meter, ...json }) => {
    const used = rules.usage[meter]
    const quantity = decimal(used?.quantity ?? '0')
    const metered = { meter, price: simple(json), quantity, events: BigInt(used?.count ?? 0) }
    return credited(metered, shareOfCase(rules), decimal(rules.unitCredits?.[meter] ?? '0'))
  })
  const invoice = composeInvoice(inputOf(rules, prices))
  const used = prices.filter((metered) => metered.credited !== ZERO)
  return {
    lines: linesByMeter(invoice.lines, rules),
    unitCreditsUsed: Object.fromEntries(
      used.map(({ meter, credited: units = ZERO }) => [meter, formatDecimal(units)]),
    ),
    subtotal: Number(invoice.subtotalMinor),
    discounts: invoice.discounts.map(({ amountMinor }) => Number(amountMinor)),
    trueUp: Number(invoice.trueUpMinor),
    promotionalCredit: Number(totalOf(invoice.promotional)),
    tax: Number(invoice.taxMinor),
    total: Number(invoice.totalMinor),
    prepaidCredit: Number(totalOf(invoice.prepaid)),
    amountDue: Number(invoice.amountDueMinor),
  }
}

function inputOf(rules: RulesCase, prices: readonly MeteredPrice[]): InvoiceInput {
  const minor = (text = '0') => minorFromDecimal(decimal(text), rules.currency)
  const share = shareOfCase(rules)
  const rate = {
    id: 'tax',
    percent: decimal(rules.taxPercent ?? '0'),
    isInclusive: rules.taxInclusive === true,
  }
  return {
    currency: rules.currency,
    base: { amountMinor: minor(rules.base), share, taxRate: 'tax', ...PERIOD },
    usage: { share, prices: prices.map((each) => ({ ...each, taxRate: 'tax' })), ...PERIOD },
    coupons: (rules.coupons ?? []).map((coupon, index) =>
      'percent' in coupon
        ? { id: String(index), percent: decimal(coupon.percent) }
        : { id: String(index), amountMinor: minor(coupon.amount) },
    ),
    minimumMinor: rules.planMinimum === undefined ? null : minor(rules.planMinimum),
    planTaxRate: 'tax',
    promotional: [{ id: 'promotional', leftMinor: minor(rules.promotionalCredit) }],
    taxRates: [rate],
    prepaid: [{ id: 'prepaid', leftMinor: minor(rules.prepaidCredit) }],
  }
}

function shareOfCase({ elapsedSeconds, periodSeconds }: RulesCase): Share {
  if (elapsedSeconds === undefined || periodSeconds === undefined) return WHOLE
  return { part: BigInt(elapsedSeconds), whole: BigInt(periodSeconds) }
}

/** The file shows a line at 0 also for a price without usage, which has none on an invoice, and no true-up. */
function linesByMeter(lines: readonly Line[], rules: RulesCase): Record<string, number[]> {
  const names = ['base', ...rules.prices.map(({ meter }) => meter)]
  const amounts = names.map((name) => {
    const own = lines.filter((line) => nameOf(line) === name)
    return [name, own.length === 0 ? [0] : own.map(({ amountMinor }) => Number(amountMinor))]
  })
  return Object.fromEntries(amounts)
}

function sums(lines: readonly Line[], names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    names.map((name) => [name, Number(totalOf(lines.filter((line) => nameOf(line) === name)))]),
  )
}

function nameOf(line: Line): string {
  return line.kind === 'usage' ? line.meter : line.kind
}

function totalOf(all: readonly { readonly amountMinor: bigint }[]): bigint {
  return all.reduce((so, { amountMinor }) => so + amountMinor, 0n)
}
