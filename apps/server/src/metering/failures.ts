import { Failure } from '../platform/errors.ts'

export const failures = {
  spanEmpty: () => new Failure('invalid', 'usage.span_empty', 'Let `to` be later than `from`.'),

  tooManyWindows: (max: number) =>
    new Failure(
      'invalid',
      'usage.too_many_windows',
      `Ask for at most ${max} windows: a shorter span, or a longer window.`,
    ),

  tooManyRows: (max: number) =>
    new Failure(
      'invalid',
      'usage.too_many_rows',
      `The answer would have more than ${max} rows: ask for fewer windows, or for one customer.`,
    ),

  /** Events would have to be read one by one. */
  spanTooLong: (daysMax: number) =>
    new Failure(
      'invalid',
      'usage.span_too_long',
      `This is computed from single events, for ${daysMax} days at most. A meter that groups by the property answers for any span.`,
    ),

  timeZoneUnknown: (timeZone: string) =>
    new Failure(
      'invalid',
      'usage.time_zone_unknown',
      `"${timeZone}" is not a time zone such as "Europe/Berlin".`,
    ),
}
