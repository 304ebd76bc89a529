import { decimal } from '@usageflow/pricing'
import { describe, expect, test } from 'vitest'
import { type Alert, judged, type Kind, NO_WINDOW } from './alert.ts'

const alert = (kind: Kind, ...thresholds: string[]): Alert => ({
  ...{ id: 'alr_1', name: '', kind, customer: null, planId: null, meterId: null },
  ...{ span: 'period', currency: null, thresholds, createdAt: NO_WINDOW },
})

const reached = (of: Alert, value: string, included: string | null = null) =>
  judged({
    ...{ alert: of, subject: '', windowStart: NO_WINDOW, value: decimal(value) },
    included: included === null ? null : decimal(included),
  }).reached

describe('a threshold', () => {
  test.for([
    ['below', '99.999999999999', []],
    ['at', '100', ['100']],
    ['above', '1000', ['100', '1000']],
  ] as const)('of usage is reached from below: %s it', ([, value, expected]) => {
    expect(reached(alert('usage', '100', '1000'), value)).toEqual(expected)
  })

  test.for([
    ['above', '10.000000000001', []],
    ['at', '10', ['10']],
    ['below', '0', ['10', '0']],
  ] as const)('of a balance is reached from above: %s it', ([, value, expected]) => {
    expect(reached(alert('balance', '10', '0'), value)).toEqual(expected)
  })

  test.for([
    ['just below', '7999.999999999999', '10000', []],
    ['at', '8000', '10000', ['80%']],
    ['where there are no included units', '8000', '0', []],
    ['where nothing is said of included units', '8000', null, []],
    ['that cannot be written in 12 digits: below', '0.000000000002', '0.000000000003', []],
    ['that cannot be written in 12 digits: above', '0.000000000003', '0.000000000003', ['80%']],
  ] as const)('of a part of the included units, %s', ([, value, included, expected]) => {
    expect(reached(alert('usage', '80%'), value, included)).toEqual(expected)
  })
})
