import { type Decimal, decimal } from '@usageflow/pricing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type HourCount, planUsage } from './plan-usage.ts'

const at = (hour: number) => new Date(hour * 3_600_000)
const hours = (counts: Readonly<Record<number, string>>): HourCount[] =>
  Object.entries(counts).map(([hour, counted]) => ({
    hour: at(Number(hour)),
    counted: decimal(counted),
  }))
const NOTHING = { hours: [], sum: { counted: decimal('0'), value: 0n } }
const ONE = { multiplier: decimal('1'), openHour: at(100) }

describe('planUsage', () => {
  test('sends each hour as it was counted', () => {
    const planned = planUsage(hours({ 1: '3', 2: '4' }), NOTHING, ONE)
    expect(planned.map(({ hour, value }) => [hour, value])).toEqual([
      [at(1), 3n],
      [at(2), 4n],
    ])
  })

  test('sends the difference of what came late or was voided, and nothing of what is as it was', () => {
    const sum = { counted: decimal('12'), value: 12n }
    const before = { hours: hours({ 1: '3', 2: '4', 3: '5' }), sum }
    const planned = planUsage(hours({ 1: '5', 2: '4' }), before, ONE)
    expect(planned.map(({ hour, value }) => [hour, value])).toEqual([
      [at(1), 2n],
      [at(3), -5n],
    ])
  })

  test('carries what is no whole unit to the hour that fills it up', () => {
    const planned = planUsage(hours({ 1: '0.4', 2: '0.4', 3: '0.4' }), NOTHING, ONE)
    expect(planned.map(({ value }) => value)).toEqual([0n, 0n, 1n])
  })

  test('leaves a rest of the hour that is not over for later, so that it is no record each time', () => {
    expect(planUsage(hours({ 100: '0.4' }), NOTHING, ONE)).toEqual([])
    expect(planUsage(hours({ 99: '0.4' }), NOTHING, ONE)).toHaveLength(1)
  })

  test('multiplies before it cuts, so that nothing is lost that Stripe can take', () => {
    const thousandths = { ...ONE, multiplier: decimal('1000') }
    const planned = planUsage(hours({ 1: '0.4567' }), NOTHING, thousandths)
    expect(planned.map(({ value }) => value)).toEqual([456n])
  })

  test('whatever comes in whatever order, less than one unit is missing, and each hour stands as it was counted', () => {
    const amount = fc.integer({ min: -3_000, max: 3_000 }).map((n) => BigInt(n) * 10n ** 9n)
    const look = fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5'), amount)
    const looks = fc.array(look, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(looks, fc.constantFrom('1', '7', '0.01'), (seen, by) => {
        const multiplier = decimal(by)
        const { told, sum } = tellAll(seen.map(counts), multiplier)
        const last = new Map(
          counts(seen.at(-1) ?? {}).map((one) => [one.hour.getTime(), one.counted]),
        )
        for (const [hour, counted] of told) expect(counted).toBe(last.get(hour) ?? 0n)
        const missing = sum.counted * multiplier - sum.value * 10n ** 24n
        expect(missing < 10n ** 24n && missing > -(10n ** 24n)).toBe(true)
      }),
    )
  })
})

function counts(seen: Readonly<Record<string, bigint>>): HourCount[] {
  return Object.entries(seen).map(([hour, counted]) => ({
    hour: at(Number(hour)),
    counted: counted as Decimal,
  }))
}

/** What stands in records after one look after the other. */
function tellAll(looks: readonly HourCount[][], multiplier: Decimal) {
  const told = new Map<number, bigint>()
  let sum = { counted: 0n as Decimal, value: 0n }
  for (const look of looks) {
    const known = [...told].map(([hour, n]) => ({ hour: new Date(hour), counted: n as Decimal }))
    const planned = planUsage(look, { hours: known, sum }, { multiplier, openHour: at(9) })
    for (const { hour, counted, value } of planned) {
      told.set(hour.getTime(), (told.get(hour.getTime()) ?? 0n) + counted)
      sum = { counted: (sum.counted + counted) as Decimal, value: sum.value + value }
    }
  }
  return { told, sum }
}
