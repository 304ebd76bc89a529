import { Failure } from '../platform/errors.ts'

export const failures = {
  patternImpossible: (pattern: string, why: string) =>
    new Failure(
      'invalid',
      'settings.pattern_impossible',
      `The number pattern "${pattern}" cannot be used: ${why}.`,
    ),

  logoImpossible: (why: string) =>
    new Failure('invalid', 'settings.logo_impossible', `The logo cannot be used: ${why}.`),

  timeZoneUnknown: (timeZone: string) =>
    new Failure(
      'invalid',
      'settings.time_zone_unknown',
      `"${timeZone}" is not an IANA time zone such as "Europe/Berlin".`,
    ),
}
