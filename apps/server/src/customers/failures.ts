import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (customer: string) =>
    new Failure(
      'not_found',
      'customer.unknown',
      `There is no customer "${customer}". A customer is made by its first event or by POST /api/v1/customers.`,
    ),

  parentUnknown: (parent: string) =>
    new Failure(
      'not_found',
      'customer.parent_unknown',
      `There is no customer "${parent}" to stand above another.`,
    ),

  /** Usage would be billed in circles. */
  parentCircle: (customer: string, parent: string) =>
    new Failure(
      'invalid',
      'customer.parent_circle',
      `"${parent}" stands beneath "${customer}" or is the same, so it cannot stand above it.`,
    ),

  taxContradictory: () =>
    new Failure(
      'invalid',
      'customer.tax_contradictory',
      'A customer that is exempt from tax has no rate of tax: send `taxRate: null` with `taxExempt: true`, or `taxExempt: false`.',
    ),

  rootIsTop: () =>
    new Failure(
      'invalid',
      'customer.root_is_top',
      'The root customer stands above everybody: it has no parent, and nobody needs to name it as theirs.',
    ),
}
