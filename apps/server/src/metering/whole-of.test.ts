import { decimal } from '@usageflow/pricing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_USAGE, quantityOf } from './total.ts'
import { isKnownFromParts, wholeOf } from './whole-of.ts'

const part = (sum: string, events = 1n) => ({ ...NO_USAGE, sum, events })
const ONE = decimal('1')
const RULE = { factor: ONE, divisor: ONE, rounding: { mode: 'none', digits: 0 } } as const

test('parts are added up exactly, whatever their length and sign', () => {
  expect(wholeOf([part('0.000000000001'), part('999999999999999999')]).sum).toBe(
    '999999999999999999.000000000001',
  )
  expect(wholeOf([part('-1.5'), part('0.25')]).sum).toBe('-1.25')
  expect(wholeOf([part('-0.5'), part('0.5')]).sum).toBe('0.0')
  expect(wholeOf([part('0.1'.padEnd(40, '3')), part('2')]).sum).toBe('2.1'.padEnd(40, '3'))
  expect(wholeOf([])).toEqual({ ...NO_USAGE, sum: '0' })
})

test('the whole comes to what the sum of all events does', () => {
  const sums = fc.array(fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(12)))
  fc.assert(
    fc.property(sums, (parts) => {
      const total = wholeOf(parts.map(([value, digits]) => part(textOf(value, digits))))
      const exact = parts.reduce(
        (sum, [value, digits]) => sum + value * 10n ** BigInt(12 - digits),
        0n,
      )
      expect(quantityOf({ ...RULE, aggregation: 'SUM' }, total)).toBe(exact)
      expect(total.events).toBe(BigInt(parts.length))
    }),
  )
})

test('what goes by the greatest, the last or the distinct is not known from parts', () => {
  const known = (['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'LAST', 'UNIQUE'] as const).filter(
    (aggregation) => isKnownFromParts({ aggregation }),
  )
  expect(known).toEqual(['COUNT', 'SUM', 'AVG'])
})

function textOf(value: bigint, digits: number): string {
  const plain = (value < 0n ? -value : value).toString().padStart(digits + 1, '0')
  const whole = plain.slice(0, plain.length - digits)
  return `${value < 0n ? '-' : ''}${whole}${digits > 0 ? `.${plain.slice(-digits)}` : ''}`
}
