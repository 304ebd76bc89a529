import * as pricing from '../../packages/pricing/src/index.ts'
import { type Computed, compute } from './answer.ts'
import type { PricingCase } from './case.ts'
import { randomCase } from './random-case.ts'
import { UNIT } from './random-price.ts'

const SAMPLE_CASES = 2_000

/**
 * What the cases of a run are made of, from a sample of them: a comparison of cases that never come to a
 * border would prove little.
 */
export function tallyOf(run: {
  readonly seed: string
  readonly from: number
  readonly cases: number
}): string {
  const size = Math.min(SAMPLE_CASES, run.cases)
  const step = Math.floor(run.cases / size)
  const sample = Array.from({ length: size }, (_, index) => {
    const given = randomCase(run.seed, run.from + index * step)
    return { given, computed: compute(pricing, given) }
  })
  const tags = sample.flatMap(({ given, computed }) => [...tagsOf(given, computed)])
  const places = sample.flatMap(({ given, computed }) => placesOf(given, computed.invoice.lines))
  return `of ${size} of the cases: ${percentages(tags, size)}
of ${places.length} usages in them: ${percentages(places, places.length)}`
}

function percentages(all: readonly string[], size: number): string {
  const counts = new Map<string, number>()
  for (const what of all) counts.set(what, (counts.get(what) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${Math.round((100 * count) / size)} % ${what}`)
    .join(', ')
}

/** What there is in a case, each thing once. */
function tagsOf(given: PricingCase, { invoice, credits }: Computed): Set<string> {
  const tags = new Set<string>()
  const add = (what: string, holds: boolean) => {
    if (holds) tags.add(what)
  }
  const digits = pricing.minorDigits(given.currency)
  for (const line of invoice.lines) {
    tags.add(`${line.rule === 'flat' ? line.kind : line.rule} line`)
    add('a tie in rounding', isTie(line, digits))
  }
  for (const meter of given.meters) {
    add('a price by dimension', meter.price.model === 'by_dimension')
    add(
      'usage that shrinks',
      meter.events.some(([, , amount]) => amount.startsWith('-')),
    )
  }
  add(
    'credits of units',
    credits.some(({ size }) => size > 0),
  )
  add(
    'a coupon',
    invoice.discounts.some(({ amountMinor }) => amountMinor > 0n),
  )
  add('a coupon larger than what is left', isCapped(given, invoice))
  add('promotional credit', invoice.promotional.length > 0)
  add('prepaid credit', invoice.prepaid.length > 0)
  add('several rates of tax', invoice.taxes.length > 1)
  add(
    'inclusive tax',
    invoice.taxes.some(({ isInclusive }) => isInclusive),
  )
  add('a total below nothing', invoice.totalMinor < 0n)
  return tags
}

function isTie({ units, unitPrice, fixed }: pricing.Line, digits: number): boolean {
  const minorUnit = 10n ** BigInt(24 - digits)
  const exact = units * unitPrice + fixed * UNIT
  return (2n * exact) % minorUnit === 0n && exact % minorUnit !== 0n
}

function isCapped(given: PricingCase, { discounts }: pricing.Invoice): boolean {
  return given.coupons.some(
    (coupon, index) =>
      'amount' in coupon && BigInt(coupon.amount) > (discounts[index]?.amountMinor ?? 0n),
  )
}

/** Where each usage of a case lies, seen from the borders of its price. */
function placesOf(given: PricingCase, lines: readonly pricing.Line[]): string[] {
  return given.meters.flatMap(({ name, price: json }) =>
    pricing.partsOf(pricing.parsePrice(json)).flatMap(({ values, price }) => {
      const own = lines.filter(
        (line) =>
          line.kind === 'usage' &&
          line.meter === name &&
          JSON.stringify(line.dimension) === JSON.stringify(values),
      )
      const [first] = own
      if (first === undefined || first.quantity === 0n) return []
      const hasTie = own.some((line) => isTie(line, pricing.minorDigits(given.currency)))
      return [hasTie ? 'at a tie in rounding' : placeOf(price, own)]
    }),
  )
}

function placeOf(price: pricing.SimplePrice, lines: readonly pricing.Line[]): string {
  const billable = pricing.sum(lines.map((line) => line.billable))
  const quantity = pricing.sum(lines.map((line) => line.quantity))
  const included = lines[0]?.included ?? 0n
  const beyond = quantity > included ? quantity - included : 0n
  const distances = [
    quantity - included,
    ...bordersNear(price, beyond).map((border) => beyond - border),
    ...bordersNear(price, billable).map((border) => billable - border),
  ].map((distance) => (distance < 0n ? -distance : distance))
  if (distances.includes(0n)) return 'exactly at a border'
  const isBeside = distances.some((distance) => distance === 1n || distance === UNIT)
  return isBeside ? 'one unit or one atom beside a border' : 'elsewhere'
}

function bordersNear(price: pricing.SimplePrice, units: bigint): bigint[] {
  if (price.model === 'package') {
    const below = units - (units % price.packageSize)
    return [below, below + price.packageSize].filter((border) => border > 0n)
  }
  if (price.model !== 'graduated' && price.model !== 'volume') return []
  return price.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [upTo]))
}
