import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  composeInvoice,
  decimal,
  type Line,
  minorFromDecimal,
  parsePrice,
  type Share,
  WHOLE,
} from './index.ts'

/** Invoices computed with exact fractions by a program of its own, where they stand beside the checkout. */
const DATA = new URL('../../../../shared/data/', import.meta.url)
const PERIOD = { periodStart: new Date('2015-05-01Z'), periodEnd: new Date('2015-06-01Z') }

type RulesCase = {
  readonly name: string
  readonly currency: string
  readonly base?: string
  readonly elapsedSeconds?: number
  readonly periodSeconds?: number
  readonly prices: readonly { readonly meter: string; readonly model: string }[]
  readonly usage: Readonly<Record<string, { readonly quantity: string }>>
}

type Expected = {
  readonly lines: Readonly<Record<string, readonly number[]>>
  readonly subtotal: number
  readonly total: number
}

describe('invoices computed elsewhere', () => {
  test('agree line by line with every case that has only per-unit prices', () => {
    const rows = read<{ case: RulesCase; invoice: Expected }[]>('expected-rules.json')
    if (rows === null) return
    const covered = rows.filter((row) => hasOnlyUnitPrices(row.case))
    for (const row of covered) {
      const invoice = compose(row.case)
      expect({ name: row.case.name, lines: sumsByMeter(invoice.lines) }).toEqual({
        name: row.case.name,
        lines: shownSums(row.invoice.lines),
      })
      expect(invoice.totalMinor, row.case.name).toBe(BigInt(row.invoice.subtotal))
    }
    expect(covered.length).toBeGreaterThanOrEqual(18)
  })

  test('agree with the base and the requests of every customer of a real access log', () => {
    const log = read<{
      customers: Record<
        string,
        { quantities: { REQUESTS: string }; linesCents: { base: number; REQUESTS: number } }
      >
    }>('expected-access-log.json')
    if (log === null) return
    const price = parsePrice({ kind: 'per_unit', included: '50', unitPrice: '0.002' })
    const customers = Object.entries(log.customers)
    for (const [customer, { quantities, linesCents }] of customers) {
      const prices = [{ meter: 'REQUESTS', price, quantity: decimal(quantities.REQUESTS) }]
      const { lines } = composeInvoice({
        currency: 'USD',
        base: { amountMinor: 500n, share: WHOLE, ...PERIOD },
        usage: { share: WHOLE, prices, ...PERIOD },
      })
      const expected = shownSums({ base: [linesCents.base], REQUESTS: [linesCents.REQUESTS] })
      expect(sumsByMeter(lines), customer).toEqual(expected)
    }
    expect(customers).toHaveLength(1753)
  })
})

/** The parsed file, or null, and a word on it, where it is not there. */
function read<T>(name: string): T | null {
  const file = new URL(name, DATA)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T
  // biome-ignore lint/suspicious/noConsole: a comparison that did not take place must be seen
  console.info(`${name} is not beside this checkout: nothing was compared with it`)
  return null
}

/** Discounts, credits of money and tax come after the lines, so a case with them still tells the lines. */
function hasOnlyUnitPrices(rules: RulesCase): boolean {
  const isPlain = rules.prices.every(
    (price) => price.model === 'per_unit' && !('minimum' in price) && !('maximum' in price),
  )
  return isPlain && !('unitCredits' in rules)
}

function compose(rules: RulesCase) {
  const share = shareOfCase(rules)
  const prices = rules.prices.map(({ meter, model, ...rest }) => ({
    meter,
    price: parsePrice({ kind: model, ...rest }),
    quantity: decimal(rules.usage[meter]?.quantity ?? '0'),
  }))
  const amountMinor = minorFromDecimal(decimal(rules.base ?? '0'), rules.currency)
  return composeInvoice({
    currency: rules.currency,
    base: { amountMinor, share, ...PERIOD },
    usage: { share, prices, ...PERIOD },
  })
}

function shareOfCase({ elapsedSeconds, periodSeconds }: RulesCase): Share {
  if (elapsedSeconds === undefined || periodSeconds === undefined) return WHOLE
  return { part: BigInt(elapsedSeconds), whole: BigInt(periodSeconds) }
}

/** By meter, or `base`; no line counts as 0, since only usage gives one. */
function sumsByMeter(lines: readonly Line[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const line of lines) {
    const name = line.kind === 'base' ? 'base' : line.meter
    sums[name] = (sums[name] ?? 0n) + line.amountMinor
  }
  return withoutZeros(sums)
}

function shownSums(lines: Expected['lines']): Record<string, bigint> {
  const sums = Object.entries(lines).map(([name, amounts]) => [
    name,
    amounts.reduce((sum, amount) => sum + BigInt(amount), 0n),
  ])
  return withoutZeros(Object.fromEntries(sums))
}

function withoutZeros(sums: Record<string, bigint>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n))
}
