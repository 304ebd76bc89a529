import { Failure } from '../platform/errors.ts'

/** Why what an SDK measured is no event. Each is the answer for one item, and names its rule. */
export const failures = {
  /** Also for another environment's rule: nobody learns that it exists. */
  ruleUnknown: (rule: string) =>
    new Failure('invalid', 'usage.rule_unknown', `There is no metering rule "${rule}".`),

  /** Zero would lose the usage in silence. */
  fieldMissing: (field: string, rule: string) =>
    new Failure(
      'invalid',
      'usage.field_missing',
      `The metering rule ${rule} needs ${field}, which the request did not have. If that may be, ask for it with has(…) in the rule.`,
      { field, rule },
    ),

  fieldUnusable: (field: string, reason: string, rule: string) =>
    new Failure(
      'invalid',
      'usage.field_unusable',
      `The metering rule ${rule} cannot use ${field}: it ${reason}.`,
      { field, rule },
    ),

  quantityImpossible: (reason: string, rule: string) =>
    new Failure(
      'invalid',
      'usage.quantity_impossible',
      `What was measured for the metering rule ${rule} is no quantity: it ${reason}.`,
      { rule },
    ),

  /** Its fields are those of one of the requests, and the others' would be lost. */
  notSummable: (rule: string) =>
    new Failure(
      'invalid',
      'usage.not_summable',
      `Send each request by itself: the metering rule ${rule} does not count them together.`,
      { rule },
    ),
}
