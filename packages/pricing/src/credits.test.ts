import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beyondIncluded,
  compareGrants,
  creditBorders,
  type Decimal,
  decimal,
  formatDecimal,
  type TakenCredits,
  takeCredits,
  type UnitGrant,
  type UsageUntil,
  WHOLE,
  ZERO,
} from './index.ts'
import { RUNS, share } from './test-arbitraries.ts'

const START = day(1)
const END = day(31)

function day(n: number): Date {
  return new Date(Date.UTC(2026, 2, n))
}

function aGrant(id: string, units: string, overrides: Partial<UnitGrant> = {}): UnitGrant {
  return {
    id,
    units: decimal(units),
    priority: 0,
    from: START,
    to: null,
    isPromotional: false,
    grantedAt: START,
    ...overrides,
  }
}

function until(at: Date, ...quantities: string[]): UsageUntil {
  return { until: at, quantities: quantities.map(decimal) }
}

/** As text: units credited, and what was taken from each grant. */
function shown({ credited, byGrant }: TakenCredits) {
  const used = [...byGrant].map(([id, units]) => [id, formatDecimal(units)])
  return { credited: credited.map(formatDecimal), used: Object.fromEntries(used) }
}

describe('takeCredits', () => {
  test.each([
    ['nothing below the included units', '9999', '0', {}],
    ['nothing at the included units', '10000', '0', {}],
    ['the smallest unit beyond', '10000.000000000001', '0.000000000001', { g: '0.000000000001' }],
    ['all that is beyond', '11500', '1500', { g: '1500' }],
    ['no more than was granted', '12000', '1500', { g: '1500' }],
    ['nothing of a negative quantity', '-5', '0', {}],
  ])('pays for %s', (_what, quantity, credited, used) => {
    const grants = [aGrant('g', '1500')]
    const taken = takeCredits([decimal('10000')], WHOLE, [until(END, quantity)], grants)
    expect(shown(taken)).toEqual({ credited: [credited], used })
  })

  test('pays for what is beyond the included units of a part of the period', () => {
    const half = { part: 1n, whole: 2n }
    const taken = takeCredits([decimal('100')], half, [until(END, '80')], [aGrant('g', '50')])
    expect(shown(taken).credited).toEqual(['30'])
  })

  test.each<[string, Partial<UnitGrant>, Partial<UnitGrant>]>([
    ['lower priority number', { priority: 0 }, { priority: 1, to: END }],
    ['earlier expiry', { to: day(40) }, { to: day(41), isPromotional: true }],
    ['earlier expiry, where the other has none', { to: day(40) }, { isPromotional: true }],
    ['promotional before paid', { isPromotional: true }, { grantedAt: day(-9) }],
    ['time of grant', { grantedAt: day(1) }, { grantedAt: day(2) }],
    ['id', {}, { id: 'zz' }],
  ])('uses first, of two grants, the one by %s', (_rule, sooner, later) => {
    const grants = [aGrant('a', '10', later), aGrant('z', '10', sooner)]
    const [second = '', first = ''] = grants.map(({ id }) => id)
    expect(grants.toSorted(compareGrants).map(({ id }) => id)).toEqual([first, second])
    const taken = takeCredits([ZERO], WHOLE, [until(END, '12')], grants)
    expect([...taken.byGrant]).toEqual([
      [first, decimal('10')],
      [second, decimal('2')],
    ])
  })

  test('uses a grant only for usage at its time, from its first instant up to its last', () => {
    const grant = aGrant('g', '1000', { from: day(10), to: day(20) })
    const usage = [until(day(10), '100'), until(day(20), '130'), until(END, '300')]
    const taken = takeCredits([decimal('50')], WHOLE, usage, [grant])
    expect(shown(taken)).toEqual({ credited: ['30'], used: { g: '30' } })
  })

  test('uses included units first, also where a grant expires before they are used up', () => {
    const grant = aGrant('g', '1000', { to: day(10) })
    const usage = [until(day(10), '50'), until(END, '120')]
    expect(shown(takeCredits([decimal('50')], WHOLE, usage, [grant])).used).toEqual({})
  })

  test('does not pay again, by a later grant, for what money has paid for', () => {
    const grant = aGrant('g', '1000', { from: day(10) })
    const usage = [until(day(10), '70'), until(END, '75')]
    expect(shown(takeCredits([ZERO], WHOLE, usage, [grant])).used).toEqual({ g: '5' })
  })

  test('uses the credits of a meter in the order of time, not part by part of its price', () => {
    const usage = [until(day(10), '0', '8'), until(END, '8', '8')]
    const grants = [aGrant('g', '10', { to: END })]
    const taken = takeCredits([ZERO, ZERO], WHOLE, usage, [aGrant('late', '1'), ...grants])
    expect(shown(taken)).toEqual({ credited: ['3', '8'], used: { g: '10', late: '1' } })
  })

  test('goes, between two borders, through the parts in their order', () => {
    const taken = takeCredits(
      [ZERO, decimal('2')],
      WHOLE,
      [until(END, '8', '9')],
      [aGrant('g', '10')],
    )
    expect(shown(taken).credited).toEqual(['8', '2'])
  })

  test('gives back what was used last when usage shrinks, to the grant that had paid', () => {
    const grants = [aGrant('a', '10', { to: day(20) }), aGrant('b', '10')]
    const grown = [until(day(10), '5'), until(day(20), '18')]
    const shrunk = [...grown, until(END, '7')]
    expect(shown(takeCredits([ZERO], WHOLE, grown, grants)).used).toEqual({ a: '10', b: '8' })
    expect(shown(takeCredits([ZERO], WHOLE, shrunk, grants)).used).toEqual({ a: '7' })
    const again = [...shrunk, until(day(40), '9')]
    expect(shown(takeCredits([ZERO], WHOLE, again, grants)).used).toEqual({ a: '7', b: '2' })
  })

  test('gives back first what money paid for, where that was used last', () => {
    const usage = [until(day(10), '15'), until(END, '12')]
    expect(shown(takeCredits([ZERO], WHOLE, usage, [aGrant('g', '10')])).used).toEqual({ g: '10' })
  })

  test.each<[string, UsageUntil[], UnitGrant[]]>([
    ['a grant that is there twice', [until(END, '1')], [aGrant('g', '1'), aGrant('g', '1')]],
    ['a part without a quantity', [until(END)], []],
  ])('stops at %s', (_what, usage, grants) => {
    expect(() => takeCredits([ZERO], WHOLE, usage, grants)).toThrow('invariant broken')
  })
})

describe('creditBorders', () => {
  test('are where grants begin or end within the period, once each, in order', () => {
    const grants = [
      aGrant('a', '1', { from: day(20), to: day(40) }),
      aGrant('b', '1', { from: day(-3), to: day(10) }),
      aGrant('c', '1', { from: day(10), to: day(20) }),
      aGrant('d', '1', { from: START, to: END }),
    ]
    expect(creditBorders(grants, { start: START, end: END })).toEqual([day(10), day(20)])
  })
})

const units = fc.bigInt({ min: 0n, max: 200n }).map((value) => (value * 10n ** 12n) as Decimal)
const instant = fc.integer({ min: -5, max: 40 }).map(day)

const grant = fc.record({
  units,
  priority: fc.integer({ min: 0, max: 2 }),
  from: instant,
  to: fc.option(instant),
  isPromotional: fc.boolean(),
  grantedAt: instant,
})

const grants = fc
  .array(grant, { maxLength: 5 })
  .map((all) => all.map((each, index): UnitGrant => ({ ...each, id: `grant-${index}` })))

/** What two parts of a price used on each day; it can shrink. */
function dailyOf(least: number) {
  const pair = fc.tuple(fc.integer({ min: least, max: 60 }), fc.integer({ min: least, max: 60 }))
  return fc.array(pair, { minLength: 30, maxLength: 30 })
}

const included = fc.tuple(units, units)

/** Usage at borders, from usage by the day. */
function usageAt(daily: readonly (readonly [number, number])[], borders: readonly Date[]) {
  return borders.map((border): UsageUntil => {
    const before = daily.filter((_, index) => day(index + 1) < border)
    const totals = [0, 1].map((part) => before.reduce((so, pair) => so + (pair[part] ?? 0), 0))
    return { until: border, quantities: totals.map((total) => decimal(String(total))) }
  })
}

function bordersOf(all: readonly UnitGrant[]): Date[] {
  return [...creditBorders(all, { start: START, end: END }), END]
}

describe('whatever the grants and the usage', () => {
  test('credits pay for no more than is beyond the included units, and for no more than was granted', () => {
    fc.assert(
      fc.property(dailyOf(-20), included, share, grants, (daily, free, part, all) => {
        const usage = usageAt(daily, bordersOf(all))
        const taken = takeCredits(free, part, usage, all)
        for (const [index, credited] of taken.credited.entries()) {
          const quantity = usage.at(-1)?.quantities[index] ?? ZERO
          const beyond = beyondIncluded(free[index] ?? ZERO, quantity, part)
          expect(credited >= 0n && credited <= beyond).toBe(true)
        }
        for (const { id, units: granted } of all)
          expect((taken.byGrant.get(id) ?? 0n) <= granted).toBe(true)
        expect(sumOf(taken.byGrant.values())).toBe(sumOf(taken.credited))
      }),
      RUNS,
    )
  })

  test('the order in which grants are listed is irrelevant', () => {
    const shuffled = grants.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
      ),
    )
    fc.assert(
      fc.property(dailyOf(-20), included, shuffled, (daily, free, [all, other]) => {
        const usage = usageAt(daily, bordersOf(all))
        const taken = takeCredits(free, WHOLE, usage, all)
        const again = takeCredits(free, WHOLE, usage, other)
        expect([...again.byGrant]).toEqual([...taken.byGrant])
        expect(again.credited).toEqual(taken.credited)
      }),
      RUNS,
    )
  })

  test('further borders change nothing for a part whose usage only grows', () => {
    const further = fc.array(fc.integer({ min: 2, max: 30 }).map(day), { maxLength: 5 })
    fc.assert(
      fc.property(dailyOf(0), included, grants, further, (daily, free, all, more) => {
        const onePart = daily.map(([first]) => [first, 0] as const)
        const borders = bordersOf(all)
        const inAll = [...new Set([...borders, ...more].map(Number))]
          .sort((a, b) => a - b)
          .map((ms) => new Date(ms))
        expect(takeCredits(free, WHOLE, usageAt(onePart, inAll), all)).toEqual(
          takeCredits(free, WHOLE, usageAt(onePart, borders), all),
        )
      }),
      RUNS,
    )
  })

  test('the sum of credits does not depend on which part used them', () => {
    fc.assert(
      fc.property(dailyOf(0), grants, (daily, all) => {
        const borders = bordersOf(all)
        const swapped = daily.map(([first, second]) => [second, first] as const)
        const both = takeCredits([ZERO, ZERO], WHOLE, usageAt(daily, borders), all)
        const other = takeCredits([ZERO, ZERO], WHOLE, usageAt(swapped, borders), all)
        expect([...other.byGrant]).toEqual([...both.byGrant])
      }),
      RUNS,
    )
  })

  test('a grant that is never valid in the period is never used', () => {
    fc.assert(
      fc.property(dailyOf(0), included, grants, (daily, free, all) => {
        const taken = takeCredits(free, WHOLE, usageAt(daily, bordersOf(all)), all)
        for (const { id, from, to } of all) {
          const isValid = from < END && (to === null || (to > START && to > from))
          if (!isValid) expect(taken.byGrant.has(id)).toBe(false)
        }
      }),
      RUNS,
    )
  })

  test('grants that are valid throughout are used up before money pays for anything', () => {
    const forEver = grants.map((all) => all.map((each) => ({ ...each, from: START, to: null })))
    fc.assert(
      fc.property(dailyOf(0), included, forEver, (daily, free, all) => {
        const usage = usageAt(daily, bordersOf(all))
        const last = usage.at(-1)?.quantities ?? []
        const beyond = sumOf(
          free.map((units, index) => beyondIncluded(units, last[index] ?? ZERO, WHOLE)),
        )
        const granted = sumOf(all.map((each) => each.units))
        const { credited } = takeCredits(free, WHOLE, usage, all)
        const isEnough = beyond < granted
        expect(sumOf(credited)).toBe(isEnough ? beyond : granted)
      }),
      RUNS,
    )
  })
})

function sumOf(all: Iterable<bigint>): bigint {
  return [...all].reduce((so, each) => so + each, 0n)
}
