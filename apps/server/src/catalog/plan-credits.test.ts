import { decimal } from '@usageflow/pricing'
import { describe, expect, test } from 'vitest'
import { parsePlanCredit, planCreditsField, planCreditToJson } from './plan-credits.ts'

type Names = Parameters<typeof parsePlanCredit>[1]

const USD: Names = { meterId: null, currency: 'USD' }
const CALLS: Names = { meterId: 'mtr_1', currency: 'USD' }

function parsed(input: unknown, names = USD) {
  const [credit] = planCreditsField.parse([input])
  if (!credit) throw new Error('one went in')
  return parsePlanCredit(credit, names)
}

describe('a credit of a plan', () => {
  test.each([
    ['units', { meter: 'mtr_1', units: '12.5' }, CALLS],
    ['money', { amount: '12.5' }, USD],
    ['units that go over', { meter: 'mtr_1', units: 1, rollover: { cap: '3', periods: 2 } }, CALLS],
    ['money that goes over', { amount: '1', priority: 0, rollover: { periods: 1 } }, USD],
  ])('of %s reads back as it was written', (_, input, names) => {
    const credit = parsed(input, names)
    expect(parsed(planCreditToJson(credit), names)).toEqual(credit)
  })

  test('is promotional and of priority 100 unless said otherwise', () => {
    const terms = { priority: 100, isPromotional: true, rollover: null }
    expect(parsed({ amount: '20' })).toEqual({ ...terms, currency: 'USD', amountMinor: 2000n })
    expect(parsed({ meter: 'mtr_1', units: '5' }, CALLS)).toEqual({
      ...{ ...terms, meterId: 'mtr_1' },
      units: decimal('5'),
    })
  })

  test.each([
    ['neither', {}, USD],
    ['both', { meter: 'mtr_1', units: '1', amount: '1' }, CALLS],
    ['units without a meter', { units: '1' }, USD],
    ['nothing', { amount: '0' }, USD],
    ['a cap of nothing', { amount: '1', rollover: { cap: '0', periods: 1 } }, USD],
    ['more digits than the currency has', { amount: '0.001' }, USD],
    ['a cap of more digits', { amount: '1', rollover: { cap: '0.001', periods: 1 } }, USD],
  ])('is refused with %s', (_, input, names) => {
    expect(() => parsed(input, names)).toThrow(RangeError)
  })
})
