import { divideRounded, spread } from '@usageflow/pricing'
import { failures } from './failures.ts'

/** `credit`: the customer has the money as prepaid credit; `refund`: it is given back, as it was paid. */
export const SETTLEMENTS = ['credit', 'refund'] as const
export type Settlement = (typeof SETTLEMENTS)[number]

/** What of an invoice is taken back. All amounts are in minor units, tax included. */
export type CreditNote = {
  readonly id: string
  readonly number: string
  readonly invoiceId: string
  readonly customer: string
  /** ISO 4217 code. */
  readonly currency: string
  readonly settlement: Settlement
  /** Of the money that the customer was credited; null for a refund. */
  readonly grantId: string | null
  /** The payment that gives it back; null when no payment of the invoice is recorded, so that a person does. */
  readonly refundId: string | null
  readonly reason: string
  readonly totalMinor: bigint
  readonly taxMinor: bigint
  readonly issuedAt: Date
  readonly lines: readonly CreditNoteLine[]
}

export type CreditNoteLine = {
  readonly invoiceLineNo: number
  readonly amountMinor: bigint
  /** Part of the amount. */
  readonly taxMinor: bigint
}

/** A line of an invoice, as far as it can be taken back. */
export type CreditableLine = {
  readonly lineNo: number
  /** What it came to after discounts, tax included. */
  readonly chargedMinor: bigint
  /** Part of what was charged. */
  readonly taxMinor: bigint
  /** What earlier notes took back of it. */
  readonly creditedMinor: bigint
}

/** What is to be taken back: of some lines (null: all that is left), an amount over all of them, or all. */
export type Wanted =
  | { readonly lines: readonly { readonly lineNo: number; readonly amountMinor: bigint | null }[] }
  | { readonly amountMinor: bigint | null }

/**
 * The lines of a note, by their numbers. An amount over all lines is spread in proportion to what is left of
 * each. Throws `credit_note.line_unknown`, `credit_note.line_twice`, `credit_note.too_large` and
 * `credit_note.empty`.
 *
 * @param leftMinor what is left of the total of the invoice, which corrections may have made less than its lines
 */
export function linesOfNote(
  lines: readonly CreditableLine[],
  wanted: Wanted,
  leftMinor: bigint,
): CreditNoteLine[] {
  const parts =
    'lines' in wanted
      ? ofLines(lines, wanted.lines)
      : spreadOver(lines, wanted.amountMinor ?? leftMinor, leftMinor)
  const taken = parts.filter(({ amountMinor }) => amountMinor > 0n)
  if (taken.length === 0) throw failures.empty()
  const total = taken.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  if (total > leftMinor) throw failures.tooLarge(leftMinor)
  return taken
    .map(({ line, amountMinor }) => noteLine(line, amountMinor))
    .sort((a, b) => a.invoiceLineNo - b.invoiceLineNo)
}

type Part = { readonly line: CreditableLine; readonly amountMinor: bigint }

function ofLines(
  lines: readonly CreditableLine[],
  wanted: readonly { readonly lineNo: number; readonly amountMinor: bigint | null }[],
): Part[] {
  const named = new Set<number>()
  return wanted.map(({ lineNo, amountMinor }) => {
    const line = lines.find((each) => each.lineNo === lineNo)
    if (!line) throw failures.lineUnknown(lineNo)
    if (named.has(lineNo)) throw failures.lineTwice(lineNo)
    named.add(lineNo)
    const left = leftOf(line)
    if (amountMinor !== null && amountMinor > left) throw failures.lineTooLarge(lineNo, left)
    return { line, amountMinor: amountMinor ?? left }
  })
}

function spreadOver(
  lines: readonly CreditableLine[],
  amountMinor: bigint,
  leftMinor: bigint,
): Part[] {
  if (amountMinor > leftMinor) throw failures.tooLarge(leftMinor)
  if (amountMinor <= 0n) throw failures.empty()
  const parts = spread(amountMinor, lines.map(leftOf))
  return lines.map((line, index) => ({ line, amountMinor: parts[index] ?? 0n }))
}

/** A line that corrects others downwards has nothing to take back. */
function leftOf({ chargedMinor, creditedMinor }: CreditableLine): bigint {
  const left = chargedMinor - creditedMinor
  return left > 0n ? left : 0n
}

/** The tax of all notes so far is in proportion, so that of the last one closes the line to the minor unit. */
function noteLine(line: CreditableLine, amountMinor: bigint): CreditNoteLine {
  const { lineNo: invoiceLineNo, creditedMinor } = line
  const taxMinor = taxOf(line, creditedMinor + amountMinor) - taxOf(line, creditedMinor)
  return { invoiceLineNo, amountMinor, taxMinor }
}

function taxOf({ taxMinor, chargedMinor }: CreditableLine, creditedMinor: bigint): bigint {
  return divideRounded(taxMinor * creditedMinor, chargedMinor)
}
