import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CreditableLine, linesOfNote, type Wanted } from './credit-note.ts'

const line = (lineNo: number, chargedMinor: bigint, taxMinor = 0n): CreditableLine => ({
  ...{ lineNo, chargedMinor, taxMinor, creditedMinor: 0n },
})
const LINES = [line(1, 10_000n, 1_597n), line(2, 500n, 80n), line(3, -1_000n, -160n)]
const LEFT = 9_500n

const codeOf = (wanted: Wanted, lines = LINES, left = LEFT) => {
  try {
    linesOfNote(lines, wanted, left)
    return null
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a note', () => {
  test('of nothing else named takes back all that is left of the invoice, and no more', () => {
    const taken = linesOfNote(LINES, { amountMinor: null }, LEFT)
    expect(taken.map(({ amountMinor }) => amountMinor)).toEqual([9_048n, 452n])
  })

  test('of a line takes back what is named, or all of it, with the tax in proportion', () => {
    const wanted = {
      lines: [
        { lineNo: 2, amountMinor: null },
        { lineNo: 1, amountMinor: 5_000n },
      ],
    }
    expect(linesOfNote(LINES, wanted, LEFT)).toEqual([
      { invoiceLineNo: 1, amountMinor: 5_000n, taxMinor: 799n }, // of 798.5, away from zero
      { invoiceLineNo: 2, amountMinor: 500n, taxMinor: 80n },
    ])
  })

  test.each([
    ['all that is left of a line', { lines: [{ lineNo: 2, amountMinor: 500n }] }, null],
    [
      'a minor unit more',
      { lines: [{ lineNo: 2, amountMinor: 501n }] },
      'credit_note.line_too_large',
    ],
    ['all that is left of the invoice', { amountMinor: 9_500n }, null],
    ['a minor unit more than that', { amountMinor: 9_501n }, 'credit_note.too_large'],
    [
      'lines that come to more than the invoice',
      { lines: [1, 2].map((lineNo) => ({ lineNo, amountMinor: null })) },
      'credit_note.too_large',
    ],
    ['nothing', { amountMinor: 0n }, 'credit_note.empty'],
    ['nothing of a line', { lines: [{ lineNo: 1, amountMinor: 0n }] }, 'credit_note.empty'],
    ['a line below 0', { lines: [{ lineNo: 3, amountMinor: null }] }, 'credit_note.empty'],
    ['no line there is', { lines: [{ lineNo: 4, amountMinor: 1n }] }, 'credit_note.line_unknown'],
    [
      'a line twice',
      { lines: [1, 1].map((lineNo) => ({ lineNo, amountMinor: 1n })) },
      'credit_note.line_twice',
    ],
  ])('of %s', (_, wanted, code) => {
    expect(codeOf(wanted)).toBe(code)
  })
})

test('notes one after the other take back exactly all of each line and of its tax', () => {
  const amounts = fc.array(
    fc.record({ charged: fc.bigInt(1n, 100_000n), percent: fc.bigInt(0n, 30n) }),
    { minLength: 1, maxLength: 5 },
  )
  const steps = fc.array(fc.bigInt(1n, 50_000n), { maxLength: 6 })
  fc.assert(
    fc.property(amounts, steps, (charges, wanted) => {
      let lines = charges.map(({ charged, percent }, index) =>
        line(index + 1, charged, (charged * percent) / (100n + percent)),
      )
      const taxes = new Map<number, bigint>()
      const left = () =>
        lines.reduce((sum, each) => sum + each.chargedMinor - each.creditedMinor, 0n)
      const take = (amountMinor: bigint | null) => {
        for (const taken of linesOfNote(lines, { amountMinor }, left())) {
          const { invoiceLineNo: no, amountMinor: amount, taxMinor } = taken
          expect(taxMinor >= 0n && taxMinor <= amount).toBe(true)
          taxes.set(no, (taxes.get(no) ?? 0n) + taxMinor)
          lines = lines.map((each) =>
            each.lineNo === no ? { ...each, creditedMinor: each.creditedMinor + amount } : each,
          )
        }
      }
      for (const amount of wanted) if (amount <= left()) take(amount)
      if (left() > 0n) take(null)
      for (const { lineNo, taxMinor, chargedMinor, creditedMinor } of lines) {
        expect(creditedMinor).toBe(chargedMinor)
        expect(taxes.get(lineNo) ?? 0n).toBe(taxMinor)
      }
    }),
  )
})
