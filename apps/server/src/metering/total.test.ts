import { formatDecimal } from '@usageflow/pricing'
import { describe, expect, test } from 'vitest'
import type { NewRule } from '../catalog/create-meter.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import {
  aMeter,
  anEnv,
  backFillAll,
  correct,
  fold,
  index,
  store,
  type TestEvent,
} from './test-metering.ts'
import { checkAgainstEvents, eventsOf, NO_USAGE, quantityOf, totals } from './total.ts'

const DAY = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') }
const HALF = { from: new Date('2026-03-01T10:30:00Z'), to: new Date('2026-03-01T12:30:00Z') }

const slice = (customer: string | null, span = DAY, except: string[] = []) => ({
  customer,
  except,
  ...span,
})

/** What a meter with this rule says of these events, over whole hours, edges, and counted one by one. */
async function quantity(rule: Partial<NewRule>, events: readonly TestEvent[]) {
  const envId = await anEnv()
  const meter = await aMeter(envId, rule)
  await store(envId, events)
  await fold()
  await backFillAll()
  return inOwnTransaction(async (tx) => {
    const asked = [DAY, { from: new Date('2026-03-01T00:00:00.001Z'), to: DAY.to }].map(
      (span, n) => ({
        id: String(n),
        meterNo: meter.meterNo,
        slices: [slice('ann', span)],
      }),
    )
    const answer = await totals(tx, envId, asked)
    expect(answer.incompleteMeters.size).toBe(0)
    expect(await checkAgainstEvents(tx, envId, asked, answer)).toEqual([])
    const [whole] = [...answer.byId.values()]
    if (!whole) throw new Error('no answer')
    return {
      quantity: formatDecimal(quantityOf(meter, whole)),
      notCounted: Number(whole.notCounted),
    }
  })
}

const amounts = (...values: string[]) =>
  values.map(
    (amount, n): TestEvent => ({
      amount,
      at: `2026-03-01T${String(n + 1).padStart(2, '0')}:00:00Z`,
    }),
  )
const written = (...texts: string[]) =>
  texts.map(
    (text, n): TestEvent => ({
      metadataText: `{"v": ${text}}`,
      at: `2026-03-01T${String(n + 1).padStart(2, '0')}:00:00Z`,
    }),
  )
const properties = (...values: unknown[]) =>
  values.map(
    (value, n): TestEvent => ({
      metadata: { v: value },
      at: `2026-03-01T${String(n + 1).padStart(2, '0')}:00:00Z`,
    }),
  )

describe('quantities', () => {
  test.for<[string, Partial<NewRule>, TestEvent[], string, number]>([
    [
      'COUNT counts events, whatever their amount',
      { aggregation: 'COUNT' },
      amounts('5', '0'),
      '2',
      0,
    ],
    [
      'SUM adds exactly',
      { aggregation: 'SUM' },
      amounts('0.1', '0.2', '0.000000000001'),
      '0.300000000001',
      0,
    ],
    [
      'SUM of numbers and numeric texts',
      { aggregation: 'SUM', valueProperty: ['v'] },
      properties(1.5, '2.25', '-0.25'),
      '3.5',
      0,
    ],
    [
      'what is no number is listed',
      { aggregation: 'SUM', valueProperty: ['v'] },
      properties(1, 'x', null, true, [], {}, '', ' 1', '1e3', '٣'),
      '1',
      9,
    ],
    [
      'a number too great is listed',
      { aggregation: 'SUM', valueProperty: ['v'] },
      properties(1, 1e26, '1'.padEnd(27, '0'), 1e300),
      '1',
      3,
    ],
    [
      'more digits than twelve are rounded once, at the end',
      { aggregation: 'SUM', valueProperty: ['v'] },
      properties('0.0000000000004', '0.0000000000001'),
      '0.000000000001',
      0,
    ],
    ['MAX', { aggregation: 'MAX' }, amounts('3', '10', '9'), '10', 0],
    ['MIN', { aggregation: 'MIN' }, amounts('3', '10', '2.5'), '2.5', 0],
    ['AVG rounds once', { aggregation: 'AVG' }, amounts('1', '0', '0'), '0.333333333333', 0],
    ['LAST by time', { aggregation: 'LAST' }, amounts('3', '10', '9'), '9', 0],
    [
      'LAST passes over what is no number',
      { aggregation: 'LAST', valueProperty: ['v'] },
      properties(3, 4, 'x'),
      '4',
      1,
    ],
    [
      'UNIQUE compares JSON scalars',
      { aggregation: 'UNIQUE', valueProperty: ['v'] },
      properties(1, 1.0, '1', true, 'true', null, [1], { a: 1 }),
      '4',
      3,
    ],
    [
      'UNIQUE knows one number in all its spellings',
      { aggregation: 'UNIQUE', valueProperty: ['v'] },
      written('1', '1.0', '1e0', '10e-1', '"1"', '0', '-0', '0.00', '"\\u0041"', '"A"'),
      '4',
      0,
    ],
    [
      'UNIQUE tells cases and accents apart',
      { aggregation: 'UNIQUE', valueProperty: ['v'] },
      properties('a', 'A', 'é', 'e\u0301', ''),
      '5',
      0,
    ],
    [
      'a unit of a billion',
      { aggregation: 'SUM', conversion: { divisor: '1000000000' } },
      amounts('1234567890'),
      '1.23456789',
      0,
    ],
    [
      'a factor, and a third',
      { aggregation: 'SUM', conversion: { divisor: '3' } },
      amounts('2'),
      '0.666666666667',
      0,
    ],
    ['nothing at all', { aggregation: 'MAX' }, [], '0', 0],
    [
      'a filter',
      { aggregation: 'COUNT', filter: { property: ['v'], operator: 'lt', value: 400 } },
      properties(200, 404, '200', 304),
      '2',
      0,
    ],
    [
      'a nested value',
      { aggregation: 'SUM', valueProperty: ['v', 'a', 'b'] },
      properties({ a: { b: 7 } }, { a: [{ b: 1 }] }, [{ a: 1 }]),
      '7',
      2,
    ],
    [
      'keys of digits are no places in arrays',
      { aggregation: 'SUM', valueProperty: ['v', '0'] },
      properties([7], { 0: 5 }),
      '5',
      1,
    ],
  ])('%s', async ([, rule, events, expected, notCounted]) => {
    expect(await quantity(rule, events)).toEqual({ quantity: expected, notCounted })
  })
})

describe('totals', () => {
  test('an event is counted once where it was moved to a time and back, whatever of that is indexed', async () => {
    const envId = await anEnv()
    const meter = await aMeter(envId, { aggregation: 'SUM' })
    await fold()
    await store(envId, [{ key: 'moved', at: '2026-03-01T10:45:00Z', amount: '2' }])
    const asked = [{ id: 'half', meterNo: meter.meterNo, slices: [slice('ann', HALF)] }]
    const sumNow = () =>
      inOwnTransaction(async (tx) => {
        const answer = await totals(tx, envId, asked)
        expect(await checkAgainstEvents(tx, envId, asked, answer)).toEqual([])
        return formatDecimal(quantityOf(meter, answer.byId.get('half') ?? NO_USAGE))
      })
    const times = ['2026-03-01T10:40:00Z', '2026-03-01T10:45:00Z', '2026-03-01T10:40:00Z']
    for (const [n, at] of times.entries()) {
      await correct(envId, { key: 'moved', no: n + 1, kind: 'amend', amount: '3', at })
      await fold()
      expect(await sumNow()).toBe('3')
    }
    await index()
    expect(await sumNow()).toBe('3')
    const back = { key: 'moved', no: times.length + 1, kind: 'amend', amount: '4' } as const
    await correct(envId, { ...back, at: '2026-03-01T10:40:00Z' })
    await fold()
    expect(await sumNow()).toBe('4')
  })

  test('several slices are one: the union of values, the last of all, and edges beside whole hours', async () => {
    const envId = await anEnv()
    const unique = await aMeter(envId, { aggregation: 'UNIQUE', valueProperty: ['v'] })
    const last = await aMeter(envId, { aggregation: 'LAST' })
    await store(envId, [
      {
        customer: 'ann',
        at: '2026-03-01T10:29:59.999999Z',
        amount: '1',
        metadata: { v: 'outside' },
      },
      { customer: 'ann', at: '2026-03-01T10:30:00Z', amount: '2', metadata: { v: 'a' } },
      { customer: 'ann', at: '2026-03-01T11:15:00Z', amount: '3', metadata: { v: 'b' } },
      { customer: 'bob', at: '2026-03-01T12:29:59.999999Z', amount: '4', metadata: { v: 'a' } },
      { customer: 'ann', at: '2026-03-01T12:10:00Z', amount: '5', metadata: { v: 'c' } },
      { customer: 'bob', at: '2026-03-01T12:30:00Z', amount: '6', metadata: { v: 'outside' } },
      { customer: 'eve', at: '2026-03-01T11:00:00Z', amount: '7', metadata: { v: 'eve' } },
    ])
    await fold()
    await backFillAll()
    for (const isIndexed of [false, true]) {
      if (isIndexed) await index()
      await inOwnTransaction(async (tx) => {
        const slices = ['ann', 'bob'].map((customer) => slice(customer, HALF))
        const asked = [
          { id: 'unique', meterNo: unique.meterNo, slices },
          { id: 'last', meterNo: last.meterNo, slices },
          { id: 'everybody', meterNo: last.meterNo, slices: [slice(null, HALF, ['bob'])] },
          { id: 'nobody', meterNo: last.meterNo, slices: [slice('nobody', HALF)] },
        ]
        const answer = await totals(tx, envId, asked)
        expect(answer.byId.get('unique')).toMatchObject({ events: 4n, uniques: 3n })
        expect(answer.byId.get('last')).toMatchObject({ events: 4n })
        expect(Number(answer.byId.get('last')?.last)).toBe(4)
        expect(answer.byId.get('everybody')).toMatchObject({ events: 4n })
        expect(answer.byId.get('nobody')).toMatchObject({ events: 0n, sum: '0', last: null })
        expect(await checkAgainstEvents(tx, envId, asked, answer)).toEqual([])
        const usage = { meterNo: unique.meterNo, slices, usageBefore: answer.position }
        const page = await eventsOf(tx, envId, usage, { limit: 3, after: null })
        const [, , third] = page
        const rest = await eventsOf(tx, envId, usage, { limit: 3, after: third ?? null })
        expect([...page, ...rest].map(({ amount }) => Number(amount))).toEqual([2, 3, 5, 4])
      })
    }
  })
})
