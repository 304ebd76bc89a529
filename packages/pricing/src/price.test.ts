import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, parsePrice, priceToJson } from './index.ts'
import { price, RUNS } from './test-arbitraries.ts'

const API_CALLS = { kind: 'per_unit', included: '10000', unitPrice: '0.01' }

describe('parsePrice', () => {
  test('reads decimals exactly', () => {
    expect(parsePrice(API_CALLS)).toEqual({
      kind: 'per_unit',
      included: decimal('10000'),
      unitPrice: decimal('0.01'),
    })
  })

  test('includes nothing unless told', () => {
    const read = parsePrice({ kind: 'per_unit', unitPrice: '0.01' })
    expect(read.included).toBe(0n)
  })

  test.each([
    [
      'a misspelt field, which would bill every unit',
      { ...API_CALLS, inclded: '1' },
      'price.inclded',
    ],
    ['an inherited name', { ...API_CALLS, constructor: '1' }, 'price.constructor'],
    [
      '__proto__',
      JSON.parse('{"kind":"per_unit","unitPrice":"1","__proto__":{}}'),
      'price.__proto__',
    ],
    ['an unknown kind', { ...API_CALLS, kind: 'guess' }, 'price.kind'],
    ['no kind', { unitPrice: '1' }, 'price.kind'],
    ['no unit price', { kind: 'per_unit' }, 'price.unitPrice'],
    [
      'a JSON number, which may have lost digits',
      { ...API_CALLS, unitPrice: 0.01 },
      'price.unitPrice',
    ],
    ['null', { ...API_CALLS, included: null }, 'price.included'],
    ['a negative unit price', { ...API_CALLS, unitPrice: '-0.000000000001' }, 'price.unitPrice'],
    ['negative included units', { ...API_CALLS, included: '-0.000000000001' }, 'price.included'],
    ['an exponent', { ...API_CALLS, unitPrice: '1e-7' }, 'price.unitPrice'],
    ['too many digits', { ...API_CALLS, unitPrice: '0.0000000000001' }, 'price.unitPrice'],
    ['a list', [API_CALLS], 'must be an object'],
    ['nothing', null, 'must be an object'],
  ])('refuses %s and names it', (_what, json, named) => {
    expect(() => parsePrice(json)).toThrow(RangeError)
    expect(() => parsePrice(json)).toThrow(named)
  })

  test('survives the way through JSON', () => {
    fc.assert(
      fc.property(price, (given) => {
        expect(parsePrice(JSON.parse(JSON.stringify(priceToJson(given))))).toEqual(given)
      }),
      RUNS,
    )
  })
})
