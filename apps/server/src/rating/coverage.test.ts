import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ParentLink, ROOT } from '../customers/customer.ts'
import type { Slice } from '../metering/total.ts'
import type { ActivePrice } from '../subscriptions/covering.ts'
import { slicesOf, surroundingsOf } from './coverage.ts'

const METER = 'mtr_1'
const MARCH = { from: day(1), to: day(31) }

function day(n: number): Date {
  return new Date(Date.UTC(2026, 2, n))
}

function link(
  customer: string,
  parent: string,
  since = day(-30),
  until: Date | null = null,
): ParentLink {
  return { customer, parent, since, until }
}

function price(customer: string, from = day(-30), to: Date | null = null): ActivePrice {
  return { subscriptionId: `sub_${customer}`, customer, meterId: METER, from, to }
}

/** Slices as `customer from..to`, days of March; everybody is `*`, with those left out after a minus. */
function covered(customer: string, links: ParentLink[], prices: ActivePrice[]): string[] {
  const slices = slicesOf({ customer, meterId: METER, ...MARCH }, surroundingsOf(links, prices))
  return slices.map((slice) => {
    const who = slice.customer ?? ['*', ...slice.except].join('-')
    return `${who} ${slice.from.getUTCDate()}..${slice.to.getUTCDate()}`
  })
}

describe('a subscription of a customer', () => {
  test('covers the customer and all beneath it', () => {
    const links = [link('eu', 'acme'), link('paris', 'eu'), link('other', 'bolt')]
    expect(covered('acme', links, [price('acme')])).toEqual([
      'acme 1..31',
      'eu 1..31',
      'paris 1..31',
    ])
  })

  test('leaves to a nearer price what that covers, with all beneath it', () => {
    const links = [link('eu', 'acme'), link('paris', 'eu'), link('us', 'acme')]
    const prices = [price('acme'), price('eu')]
    expect(covered('acme', links, prices)).toEqual(['acme 1..31', 'us 1..31'])
    expect(covered('eu', links, prices)).toEqual(['eu 1..31', 'paris 1..31'])
  })

  test('covers a child before and after the child had a price of its own', () => {
    const prices = [price('acme'), price('eu', day(10), day(20))]
    expect(covered('acme', [link('eu', 'acme')], prices)).toEqual([
      'acme 1..31',
      'eu 1..10',
      'eu 20..31',
    ])
  })

  test('covers a child only while it stands beneath', () => {
    const links = [link('eu', 'acme', day(5), day(12)), link('eu', 'bolt', day(12))]
    const prices = [price('acme'), price('bolt')]
    expect(covered('acme', links, prices)).toEqual(['acme 1..31', 'eu 5..12'])
    expect(covered('bolt', links, prices)).toEqual(['bolt 1..31', 'eu 12..31'])
  })

  test('finds its way when two customers change places', () => {
    const links = [link('a', 'b', day(-30), day(10)), link('b', 'a', day(10))]
    expect(covered('a', links, [price('a')])).toEqual(['a 1..31', 'b 10..31'])
  })

  test('is not stopped by a price for another meter', () => {
    const other = { ...price('eu'), meterId: 'mtr_2' }
    expect(covered('acme', [link('eu', 'acme')], [price('acme'), other])).toHaveLength(2)
  })
})

describe('a subscription of the root', () => {
  test('covers everybody when nobody has a price', () => {
    expect(covered(ROOT, [link('eu', 'acme')], [price(ROOT)])).toEqual(['* 1..31'])
  })

  test('leaves out who is covered nearer, and takes them before and after', () => {
    const prices = [price(ROOT), price('acme', day(10)), price('bolt', day(-30), day(5))]
    expect(covered(ROOT, [link('eu', 'acme', day(15))], prices)).toEqual([
      '*-acme-bolt-eu 1..31',
      'acme 1..10',
      'bolt 5..31',
      'eu 1..15',
    ])
  })

  test('leaves out for good who is covered nearer all the time', () => {
    expect(covered(ROOT, [], [price(ROOT), price('acme')])).toEqual(['*-acme 1..31'])
  })
})

test('a time without length covers nothing', () => {
  const question = { customer: 'acme', meterId: METER, from: day(5), to: day(5) }
  expect(slicesOf(question, surroundingsOf([], [price('acme')]))).toEqual([])
})

/** A small world: parents and prices change at whole days, and nobody ever stands above themselves. */
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
const DAYS = 6
type World = { readonly links: ParentLink[]; readonly prices: ActivePrice[] }
const world: fc.Arbitrary<World> = fc
  .record({
    ranks: fc.array(fc.shuffledSubarray([...NAMES], { minLength: 5 }), {
      minLength: DAYS,
      maxLength: DAYS,
    }),
    picks: fc.array(fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }), {
      minLength: DAYS,
      maxLength: DAYS,
    }),
    priced: fc.array(fc.subarray([...NAMES, ROOT]), { minLength: DAYS, maxLength: DAYS }),
  })
  .map(({ ranks, picks, priced }) => ({
    // On each day a customer stands beneath one that comes earlier in that day's order, or nobody.
    links: ranks.flatMap((order, n) =>
      order.flatMap((name, rank) => {
        const parent = order[picks[n]?.[rank] ?? 5]
        const isAbove = parent !== undefined && order.indexOf(parent) < rank
        return isAbove ? [link(name, parent, day(n + 1), day(n + 2))] : []
      }),
    ),
    prices: priced.flatMap((names, n) => names.map((name) => price(name, day(n + 1), day(n + 2)))),
  }))

/** Who pays for `customer` at that time, found by walking upward. */
function payer({ links, prices }: World, customer: string, at: Date): string | null {
  const isThen = (from: Date, to: Date | null) => from <= at && (to === null || at < to)
  const hasPrice = (name: string) =>
    prices.some((price) => price.customer === name && isThen(price.from, price.to))
  for (let name: string | undefined = customer; name; ) {
    if (hasPrice(name)) return name
    name = links.find((link) => link.customer === name && isThen(link.since, link.until))?.parent
  }
  return hasPrice(ROOT) ? ROOT : null
}

function holds(slices: readonly Slice[], customer: string, at: Date): number {
  return slices.filter((slice) => {
    const isMeant =
      slice.customer === null ? !slice.except.includes(customer) : slice.customer === customer
    return isMeant && slice.from <= at && at < slice.to
  }).length
}

test('at any instant any usage is covered by the nearest price and by no other', () => {
  fc.assert(
    fc.property(world, fc.nat(DAYS - 1), (random, n) => {
      const around = surroundingsOf(random.links, random.prices)
      const noon = new Date(day(n + 1).getTime() + 43_200_000)
      for (const customer of [...NAMES, 'stranger']) {
        const expected = payer(random, customer, noon)
        for (const price of random.prices.filter(
          ({ from, to }) => from <= noon && to && noon < to,
        )) {
          const { from, to } = { from: price.from, to: price.to ?? day(31) }
          const slices = slicesOf({ customer: price.customer, meterId: METER, from, to }, around)
          expect(holds(slices, customer, noon)).toBe(price.customer === expected ? 1 : 0)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})
