import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NUMBER_PATTERN, numberText, patternProblem } from './billing-settings.ts'

const AT = new Date('2026-03-09T23:59:59Z')

describe('the pattern of invoice numbers', () => {
  test.each([
    [NUMBER_PATTERN, 1n, 'INV-000001'],
    ['{number}', 42n, '42'],
    ['ACME-{year}-{month}/{number:4}', 7n, 'ACME-2026-03/0007'],
    ['{number:2}', 12345n, '12345'],
  ])('writes %s of %d as %s', (pattern, number, text) => {
    expect(patternProblem(pattern)).toBeNull()
    expect(numberText(pattern, number, AT)).toBe(text)
  })

  test.each([
    ['INV', 'exactly once'],
    ['{number}{number}', 'exactly once'],
    ['{number}-{day}', '{day} is not one of'],
    ['{number:0}', '1 to 12'],
    ['{number:13}', '1 to 12'],
    ['{year:4}-{number}', 'only {number}'],
    ['INV\n{number}', 'letters, digits'],
    ['<b>{number}', 'letters, digits'],
    [`${'x'.repeat(40)}{number}`, 'longer than 40'],
  ])('refuses %j and says why', (pattern, why) => {
    expect(patternProblem(pattern)).toContain(why)
  })

  test('never gives two numbers one text', () => {
    const patterns = fc.constantFrom(
      NUMBER_PATTERN,
      '{number}',
      'A{year}{number:3}',
      '{number:1}/{month}',
    )
    const number = fc.bigInt({ min: 1n, max: 10n ** 9n })
    fc.assert(
      fc.property(patterns, number, number, (pattern, one, other) => {
        const isSame = numberText(pattern, one, AT) === numberText(pattern, other, AT)
        expect(isSame).toBe(one === other)
      }),
    )
  })
})
