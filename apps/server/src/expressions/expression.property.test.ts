import { formatDecimal } from '@usageflow/pricing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileExpression } from './expression.ts'

/** A fraction, to compute a second time with: nothing of what is tested is in it. */
type Fraction = readonly [numerator: bigint, denominator: bigint]
type Written = { readonly text: string; readonly value: Fraction }

const DENOMINATOR = 10n ** 12n

const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d]
const negated = ([a, b]: Fraction): Fraction => [-a, b]
const product = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d]
const isLess = ([a, b]: Fraction, [c, d]: Fraction) => a * d < c * b

/** Fields are numbers or texts, and have names like `metadata.f0`. */
const FIELDS: readonly unknown[] = [0, 7, 0.1, 12.5, '3', '0.25', 1_000_000]

const literal = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 })).map(
  ([whole, hundredths]): Written => ({
    text: `${whole}.${String(hundredths).padStart(2, '0')}`,
    value: [BigInt(whole * 100 + hundredths), 100n],
  }),
)

const field = fc.nat(FIELDS.length - 1).map((at): Written => {
  const [whole = '', fraction = ''] = String(FIELDS[at]).split('.')
  return {
    text: `metadata.f${at}`,
    value: [BigInt(whole + fraction), 10n ** BigInt(fraction.length)],
  }
})

const { tree } = fc.letrec<{ tree: Written }>((tie) => {
  const two = fc.tuple(tie('tree'), tie('tree'))
  return {
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      literal,
      field,
      two.map(([a, b]) => ({ text: `(${a.text} + ${b.text})`, value: plus(a.value, b.value) })),
      two.map(([a, b]) => ({
        text: `(${a.text} - ${b.text})`,
        value: plus(a.value, negated(b.value)),
      })),
      fc.tuple(tie('tree'), fc.integer({ min: 0, max: 9 })).map(([a, by]) => ({
        text: `${a.text} * ${by}`,
        value: product(a.value, [BigInt(by), 1n]),
      })),
      two.map(([a, b]) => ({
        text: `max(${a.text}, ${b.text})`,
        value: isLess(a.value, b.value) ? b.value : a.value,
      })),
      fc.tuple(two, two).map(([[a, b], [c, d]]) => ({
        text: `(${a.text} < ${b.text} ? ${c.text} : ${d.text})`,
        value: isLess(a.value, b.value) ? c.value : d.value,
      })),
    ),
  }
})

const fields = Object.fromEntries(FIELDS.map((value, at) => [`/metadata/f${at}`, value]))

test('an expression comes to what fractions come to', () => {
  fc.assert(
    fc.property(tree, ({ text, value: [numerator, denominator] }) => {
      fc.pre(text.length <= 1_000)
      const isNegative = numerator < 0n
      if (isNegative && !text.includes('metadata')) return // refused when it is written
      const counted = compileExpression(text).evaluate({ requests: 1, fields })
      if (isNegative) expect(counted).toMatchObject({ why: 'quantity_impossible' })
      else expect(counted).toBe((numerator * DENOMINATOR) / denominator)
    }),
    { numRuns: 2_000 },
  )
})

test('requests that may be summed come to the same together as one by one', () => {
  const factor = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1_000_000)
  const text = fc
    .array(
      fc.oneof(
        factor.map((by) => `usage_record.quantity * ${by.toFixed(6)}`),
        fc.integer({ min: 1, max: 12 }).map((by) => `usage_record.quantity / ${by}`),
        fc.constant('usage_record.quantity'),
        fc.constant('(usage_record.quantity > 3 ? 2 : 1)'),
        fc.constant('1'),
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((terms) => terms.join(' + '))
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 1_000 }), (written, requests) => {
      const { isSummable, evaluate } = compileExpression(written)
      if (!isSummable) return
      const [together, alone] = [requests, 1].map((count) => evaluate({ requests: count, fields }))
      expect(together).toBe((alone as bigint) * BigInt(requests))
      expect(formatDecimal(together as never)).not.toBe('')
    }),
    { numRuns: 1_000 },
  )
})

test('no text of any kind does anything but compile or be refused with a reason', () => {
  const word = fc.constantFrom(
    ...[
      'request',
      'response',
      'metadata',
      'usage_record',
      '.',
      '[',
      ']',
      '(',
      ')',
      '"a"',
      '0',
      '1',
    ],
    ...[
      '+',
      '*',
      '?',
      ':',
      '&&',
      '==',
      'in',
      'has',
      'body',
      'headers',
      'quantity',
      '__proto__',
      '!',
    ],
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 20 }).map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(text, (written) => {
      try {
        compileExpression(written).evaluate({ requests: 1, fields: {} })
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }),
    { numRuns: 5_000 },
  )
})
