import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (invoice: string) =>
    new Failure('not_found', 'invoice.unknown', `There is no invoice "${invoice}".`),

  lineUnknown: (invoice: string, lineNo: number) =>
    new Failure('not_found', 'invoice.line_unknown', `Invoice "${invoice}" has no line ${lineNo}.`),

  stepImpossible: (status: string, step: string, possible: readonly string[]) =>
    new Failure(
      'conflict',
      'invoice.step_impossible',
      `What is possible for an invoice that is ${status}: ${possible.join(', ') || 'nothing'}; not ${step}.`,
      { status, possible },
    ),

  notCreditable: (status: string) =>
    new Failure(
      'conflict',
      'invoice.not_creditable',
      `An invoice that is ${status} cannot be credited: what it says is not owed.`,
      { status },
    ),

  /** The customer has what was credited already. */
  credited: (invoice: string) =>
    new Failure(
      'conflict',
      'invoice.credited',
      `Invoice "${invoice}" has credit notes and cannot be void: credit the rest of it.`,
    ),

  /** Another invoice, which never changes, takes it off. */
  deducted: (invoice: string) =>
    new Failure(
      'conflict',
      'invoice.deducted',
      `Invoice "${invoice}" was taken off the invoice of its period and cannot be void: credit it.`,
    ),

  periodImpossible: () =>
    new Failure(
      'invalid',
      'invoice.period_impossible',
      '`period.end` must be later than `period.start`.',
    ),

  /** An amount is refused rather than cut. */
  amountTooLarge: () =>
    new Failure(
      'invalid',
      'invoice.amount_too_large',
      'It comes to more than an invoice can hold: check the unit amounts and quantities.',
    ),

  /** A canceled subscription has no period under way. */
  nothingToPreview: (subscription: string) =>
    new Failure(
      'conflict',
      'invoice.nothing_to_preview',
      `Subscription "${subscription}" is not billed now, and nothing came late: there is no invoice to come.`,
    ),
}
