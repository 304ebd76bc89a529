import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (note: string) =>
    new Failure('not_found', 'credit_note.unknown', `There is no credit note "${note}".`),

  lineUnknown: (lineNo: number) =>
    new Failure('invalid', 'credit_note.line_unknown', `The invoice has no line ${lineNo}.`),

  lineTwice: (lineNo: number) =>
    new Failure(
      'invalid',
      'credit_note.line_twice',
      `Line ${lineNo} is named twice; name each line once.`,
    ),

  lineTooLarge: (lineNo: number, leftMinor: bigint) =>
    new Failure(
      'conflict',
      'credit_note.line_too_large',
      `Of line ${lineNo} ${leftMinor} minor units are left to be credited, tax included.`,
      { lineNo, leftMinor: String(leftMinor) },
    ),

  tooLarge: (leftMinor: bigint) =>
    new Failure(
      'conflict',
      'credit_note.too_large',
      `Of the invoice ${leftMinor} minor units are left to be credited, tax included.`,
      { leftMinor: String(leftMinor) },
    ),

  empty: () =>
    new Failure(
      'conflict',
      'credit_note.empty',
      'There is nothing to credit: what the note names came to nothing, or was credited before.',
    ),

  /** What nobody has paid, or was paid by credits, cannot be given back as money. */
  notRefundable: (leftMinor: bigint) =>
    new Failure(
      'conflict',
      'credit_note.not_refundable',
      `${leftMinor} minor units were paid with money and not refunded yet. Send "settlement": "credit" for the rest.`,
      { leftMinor: String(leftMinor) },
    ),
}
