import { type Random, randomOf } from '../../faults/src/random.ts'
import * as pricing from '../../packages/pricing/src/index.ts'
import { compute } from './answer.ts'
import type { ChargeCase, CouponCase, MoneyCase, PricingCase, ShareCase, TaxCase } from './case.ts'
import { randomMeter } from './random-meter.ts'
import type { Chance } from './random-price.ts'

const DAY_MS = 86_400_000
const CURRENCIES = ['USD', 'EUR', 'JPY', 'KWD', 'CLF']
const METERS = ['CALLS', 'TOKENS', 'IMAGES']
const QUANTITIES = ['1', '1', '2', '0.5', '3', '2.5', '0.333333333333', '0']
const COUPON_PERCENTS = ['10', '50', '12.5', '33.3333333333', '100', '150', '0.5', '25']
const TAX_PERCENTS = ['19', '8.25', '8.875', '50', '0', '7.7', '2.5', '12.5', '100']

/** Case number `index` of a seed: the same for ever, whatever was drawn before. */
export function randomCase(seed: string, index: number): PricingCase {
  const random = randomOf(`${seed}/${index}`)
  const given = anyCase(random)
  return random.chance(0.15) ? atBorderOfSettlement(random, given) : given
}

function anyCase(random: Random): PricingCase {
  const currency = random.pick(CURRENCIES)
  const chance = { random, minorDigits: pricing.minorDigits(currency) }
  const taxes = some(random, 3, (id) => randomTax(random, `t${id}`))
  const tax = () => random.pick([null, ...taxes.map(({ id }) => id)])
  const end = randomPeriod(random)
  const share = randomShare(random)
  const meters = METERS.slice(0, random.pick([0, 1, 1, 1, 2, 2, 3]))
  const charge = (): ChargeCase => ({
    amount: randomAmount(random),
    quantity: random.pick(QUANTITIES),
    share: random.chance(0.5) ? share : randomShare(random),
    tax: tax(),
  })
  return {
    currency,
    base: random.chance(0.85) ? { ...charge(), quantity: '1' } : null,
    flats: some(random, 2, (id) => ({ ...charge(), name: `F${id}` })),
    share,
    end,
    meters: meters.map((name) => ({ ...meterIn(chance, name, share, end), tax: tax() })),
    items: some(random, 2, (id) => ({
      name: `I${id}`,
      amount: random.pick([1, 1, -1]) * randomAmount(random),
      quantity: random.pick(QUANTITIES),
      tax: tax(),
    })),
    coupons: some(random, 3, (id) => randomCoupon(random, `c${id}`)),
    minimum: random.chance(0.3) ? randomAmount(random) : null,
    planTax: tax(),
    promotional: some(random, 2, (id) => randomMoney(random, `p${id}`, meters)),
    taxes,
    prepaid: some(random, 2, (id) => randomMoney(random, `q${id}`, meters)),
  }
}

function meterIn(chance: Chance, name: string, [part, whole]: ShareCase, end: number) {
  return randomMeter(chance, name, { share: { part: BigInt(part), whole: BigInt(whole) }, end })
}

/** None in half of the cases, else 1 to `most`. */
function some<T>(random: Random, most: number, make: (index: number) => T): T[] {
  const length = random.chance(0.5) ? 0 : random.between(1, most + 1)
  return Array.from({ length }, (_, index) => make(index))
}

/** From a day to a leap year, with an hour more or less where clocks change. */
function randomPeriod(random: Random): number {
  const days = random.pick([1, 7, 28, 29, 30, 31, 90, 92, 365, 366])
  return days * DAY_MS + random.pick([0, 0, -3_600_000, 3_600_000])
}

function randomShare(random: Random): ShareCase {
  const whole = randomPeriod(random)
  const kind = random.between(0, 10)
  if (kind < 5) return [1, 1]
  if (kind < 7) return [1, random.between(2, 32)]
  return [random.between(1, whole / 1000 + 1) * 1000, whole]
}

/** In minor units, of all sizes. */
function randomAmount(random: Random): number {
  return random.pick([
    0,
    random.between(1, 10),
    random.between(1, 1000),
    random.between(1, 100_000),
    10_000,
    9999,
    random.between(1, 1e10),
  ])
}

function randomTax(random: Random, id: string): TaxCase {
  return { id, percent: random.pick(TAX_PERCENTS), inclusive: random.chance(0.4) }
}

function randomCoupon(random: Random, id: string): CouponCase {
  if (random.chance(0.5)) return { id, percent: random.pick(COUPON_PERCENTS) }
  return { id, amount: randomAmount(random) }
}

function randomMoney(random: Random, id: string, meters: readonly string[]): MoneyCase {
  const scope = random.shuffled([...meters, 'other']).slice(0, random.between(1, meters.length + 2))
  return { id, left: randomAmount(random), meters: random.chance(0.6) ? null : scope }
}

/** Moves one of the terms to, or one minor unit beside, where it makes a difference. */
function atBorderOfSettlement(random: Random, given: PricingCase): PricingCase {
  const { invoice } = compute(pricing, given)
  const beside = (amount: bigint) => Math.max(0, Number(amount) + random.pick([0, 0, -1, 1])) // far below 2^53
  const counting = invoice.lines.filter(
    ({ kind, countsTowardsMinimum }) => countsTowardsMinimum && kind !== 'true_up',
  )
  const net = counting.reduce((so, line) => so + line.amountMinor - line.discountMinor, 0n)
  const untaxed = invoice.totalMinor - invoice.taxMinor
  return random.pick([
    { ...given, minimum: beside(net) },
    { ...given, coupons: [{ id: 'c', amount: beside(invoice.subtotalMinor) }] },
    { ...given, promotional: [{ id: 'p', left: beside(untaxed), meters: null }] },
    { ...given, prepaid: [{ id: 'q', left: beside(invoice.totalMinor), meters: null }] },
  ])
}
