import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beyondIncluded,
  type Decimal,
  decimal,
  type MeteredUsage,
  type RatedLine,
  rate,
  type Share,
  type SimplePrice,
  sum,
  WHOLE,
  ZERO,
} from './index.ts'
import {
  digits,
  models,
  priceOf,
  quantity,
  quantityNear,
  RUNS,
  share,
  simplePrice,
  unboundedPrice,
} from './test-arbitraries.ts'

const EPSILON = decimal('0.000000000001')

/** A price, usage at or beside its borders with credits for a part of it, a share and a currency's digits. */
const ratings = ratingsOf(simplePrice)

function ratingsOf<P extends SimplePrice>(prices: fc.Arbitrary<P>) {
  return prices.chain((price) =>
    fc
      .record({
        quantity: quantityNear(price),
        events: fc.bigInt({ min: 0n, max: 1000n }),
        creditedPercent: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 100n })),
        share: fc.oneof(fc.constant(WHOLE), share),
        digits,
      })
      .map(({ creditedPercent, quantity: used, events, ...rest }) => {
        const beyond = beyondIncluded(price.included, used, rest.share)
        const credited = ((beyond * creditedPercent) / 100n) as Decimal
        return { price, usage: { quantity: used, events, credited }, ...rest }
      }),
  )
}

type Rating = {
  readonly price: SimplePrice
  readonly usage: MeteredUsage
  readonly share: Share
  readonly digits: number
}

function linesOf(given: Rating): readonly RatedLine[] {
  return rate(given.price, given.usage, given.share, given.digits)
}

function totalOf(given: Rating): bigint {
  return linesOf(given).reduce((so, line) => so + line.amountMinor, 0n)
}

function withQuantity(given: Rating, used: Decimal): Rating {
  return { ...given, usage: { ...given.usage, quantity: used, credited: ZERO } }
}

describe('whatever the price and the usage', () => {
  test('the quantities of the lines add up to what the meter says', () => {
    fc.assert(
      fc.property(ratings, (given) => {
        const lines = linesOf(given).filter(({ rule }) => rule !== 'minimum' && rule !== 'maximum')
        const expected = lines.length === 0 ? ZERO : given.usage.quantity
        expect(sum(lines.map((line) => line.quantity))).toBe(expected)
      }),
      RUNS,
    )
  })

  test('free and paid units add up to the usage', () => {
    fc.assert(
      fc.property(ratings, (given) => {
        const lines = linesOf(given).filter(({ quantity: shown }) => shown > 0n)
        fc.pre(lines.length > 0)
        const used = given.usage.quantity
        const [{ included } = { included: ZERO }] = lines
        const free = min(used, included)
        const credited = sum(lines.map((line) => line.credited))
        const paid = sum(lines.map((line) => line.billable))
        expect(credited).toBe(given.usage.credited)
        expect(free + credited + paid).toBe(used)
      }),
      RUNS,
    )
  })

  test('anybody can check each line: units × unit price + fixed, to half a minor unit', () => {
    fc.assert(
      fc.property(ratings, (given) => {
        const minorUnit = 10n ** BigInt(24 - given.digits)
        for (const { amountMinor, units, unitPrice, fixed } of linesOf(given)) {
          const exact = units * unitPrice + fixed * 10n ** 12n
          const twiceError = 2n * (amountMinor * minorUnit - exact)
          expect(twiceError <= minorUnit && twiceError >= -minorUnit).toBe(true)
          if (twiceError === minorUnit) expect(exact > 0n).toBe(true) // a tie goes away from zero
          if (twiceError === -minorUnit) expect(exact < 0n).toBe(true)
        }
      }),
      RUNS,
    )
  })

  test('only a maximum takes off, and the sum lies within the bounds', () => {
    fc.assert(
      fc.property(ratings, (given) => {
        const { minimum, maximum } = given.price
        const minorUnit = 10n ** BigInt(12 - given.digits)
        const free = totalOf({ ...given, price: { ...given.price, minimum: null, maximum: null } })
        const least = minimum === null || free > minimum / minorUnit ? free : minimum / minorUnit
        const most = maximum === null || least < maximum / minorUnit ? least : maximum / minorUnit
        expect(totalOf(given)).toBe(most)
        const negative = linesOf(given).filter(({ amountMinor }) => amountMinor < 0n)
        expect(negative.every(({ rule }) => rule === 'maximum')).toBe(true)
      }),
      RUNS,
    )
  })

  test('no usage gives no line but what a minimum asks for', () => {
    fc.assert(
      fc.property(simplePrice, share, digits, (price, part, minorDigits) => {
        const unused = { quantity: ZERO, events: 0n, credited: ZERO }
        const rules = rate(price, unused, part, minorDigits).map(({ rule }) => rule)
        expect(rules).toEqual((price.minimum ?? ZERO) > 0n ? ['minimum'] : [])
      }),
      RUNS,
    )
  })

  test('credited units cost what as many more included ones would', () => {
    fc.assert(
      fc.property(ratingsOf(unboundedPrice), (given) => {
        const { price, usage } = given
        const whole = { ...given, share: WHOLE }
        const credited = min(usage.credited, beyondIncluded(price.included, usage.quantity, WHOLE))
        const withCredits = { ...whole, usage: { ...usage, credited } }
        const included = (price.included + credited) as Decimal
        const without = { ...whole, price: { ...price, included }, usage: usageWithout(usage) }
        expect(totalOf(withCredits)).toBe(totalOf(without))
      }),
      RUNS,
    )
  })

  test('more usage never costs less, except where a volume tier says so', () => {
    const prices = simplePrice.filter(({ model }) => model !== 'volume')
    fc.assert(
      fc.property(ratingsOf(prices), quantity, (given, more) => {
        const less = totalOf(withQuantity(given, given.usage.quantity))
        const total = totalOf(withQuantity(given, (given.usage.quantity + more) as Decimal))
        expect(total >= less).toBe(true)
      }),
      RUNS,
    )
  })
})

describe('whatever the tiers', () => {
  test('a graduated price is continuous at a border but for the fee of the next tier', () => {
    fc.assert(
      fc.property(priceOf(models.graduated), digits, fc.nat(), (price, minorDigits, place) => {
        fc.pre(price.tiers.length > 1)
        const at = place % (price.tiers.length - 1)
        const border = (price.included + (price.tiers[at]?.upTo ?? 0n)) as Decimal
        const given = {
          price,
          usage: { quantity: border, events: 1n, credited: ZERO },
          share: WHOLE,
          digits: minorDigits,
        }
        const beyond = linesOf(withQuantity(given, (border + EPSILON) as Decimal))
        expect(beyond.slice(0, -1).map(amountOf)).toEqual(linesOf(given).map(amountOf))
        const next = price.tiers[at + 1]
        const first = { units: EPSILON, fixed: next?.flatFee, unitPrice: next?.unitPrice }
        expect(beyond.at(-1)).toMatchObject(first)
      }),
      RUNS,
    )
  })

  test('each graduated line stays within its tier, and all but the last fill theirs', () => {
    fc.assert(
      fc.property(ratingsOf(priceOf(models.graduated)), (given) => {
        const lines = linesOf(given)
        let floor = 0n
        for (const [index, { billable }] of lines.entries()) {
          const top = given.price.tiers[index]?.upTo ?? null
          const isLast = index === lines.length - 1
          if (!isLast) expect(floor + billable).toBe(top)
          if (top !== null) expect(floor + billable <= top).toBe(true)
          floor += billable
        }
      }),
      RUNS,
    )
  })

  test('a volume price puts all units at the price of one tier, the first that reaches them', () => {
    fc.assert(
      fc.property(ratingsOf(priceOf(models.volume)), (given) => {
        for (const { units, billable, unitPrice, fixed } of linesOf(given)) {
          const reaching = given.price.tiers.filter((tier) => (tier.upTo ?? billable) >= billable)
          expect([units, unitPrice]).toEqual([billable, reaching[0]?.unitPrice])
          expect(fixed).toBe(billable > 0n ? reaching[0]?.flatFee : ZERO)
        }
      }),
      RUNS,
    )
  })

  test('a single tier without a fee is a price per unit, graduated or volume', () => {
    fc.assert(
      fc.property(ratingsOf(priceOf(models.per_unit)), (given) => {
        const { unitPrice, ...rest } = given.price
        const tiers = [{ upTo: null, unitPrice, flatFee: ZERO }]
        for (const model of ['graduated', 'volume'] as const)
          expect(totalOf({ ...given, price: { ...rest, model, tiers } })).toBe(totalOf(given))
      }),
      RUNS,
    )
  })
})

describe('whatever the package and the percentage', () => {
  test('packages are the least whole number that holds the billable units', () => {
    fc.assert(
      fc.property(ratingsOf(priceOf(models.package)), (given) => {
        const size = given.price.packageSize
        for (const { units, billable } of linesOf(given)) {
          const started = units / 10n ** 12n
          expect(units % 10n ** 12n).toBe(0n)
          expect(started * size >= billable).toBe(true)
          expect(billable === 0n ? started === 0n : (started - 1n) * size < billable).toBe(true)
        }
      }),
      RUNS,
    )
  })

  test('a percentage is a price per unit and a fee for each event', () => {
    fc.assert(
      fc.property(ratingsOf(priceOf(models.percentage)), (given) => {
        const { percent, fixedPerEvent } = given.price
        for (const { units, billable, unitPrice, fixed } of linesOf(given)) {
          expect([units, 100n * unitPrice]).toEqual([billable, percent])
          expect(fixed).toBe(fixedPerEvent * given.usage.events)
        }
      }),
      RUNS,
    )
  })
})

function amountOf({ amountMinor }: RatedLine): bigint {
  return amountMinor
}

function usageWithout(usage: MeteredUsage): MeteredUsage {
  return { ...usage, credited: ZERO }
}

function min(a: Decimal, b: Decimal): Decimal {
  return a < b ? a : b
}
