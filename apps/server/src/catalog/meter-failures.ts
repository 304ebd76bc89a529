import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (meter: string) =>
    new Failure('not_found', 'meter.unknown', `There is no meter "${meter}".`),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'meter.key_taken',
      `There is a meter with the key "${key}" already, perhaps an archived one; choose another key.`,
    ),

  /** The set of different values needs to know which values. */
  valueMissing: () =>
    new Failure(
      'invalid',
      'meter.value_missing',
      'A UNIQUE meter counts the different values of a property: say which with `valueProperty`.',
    ),

  /** A property that is never read would only seem to matter. */
  valueUnread: () =>
    new Failure(
      'invalid',
      'meter.value_unread',
      'A COUNT meter counts events and reads no value: leave `valueProperty` out.',
    ),

  conversionImpossible: () =>
    new Failure(
      'invalid',
      'meter.conversion_impossible',
      'A conversion has either a `factor` or a `divisor`, and it is greater than 0.',
    ),

  /** Its usage would no longer be billed. */
  priced: (key: string) =>
    new Failure(
      'conflict',
      'meter.priced',
      `Meter "${key}" has a price on a plan that is on sale; archive the plan first.`,
    ),
}
