import { atField, Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (policy: string) =>
    new Failure('not_found', 'policy.unknown', `There is no policy "${policy}".`),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'policy.key_taken',
      `There is a policy with the key "${key}" already. Change that one, or choose another key.`,
      atField('/key', 'Another policy has it.'),
    ),

  /** A pattern that never matches would leave its endpoint unguarded, without a word. */
  routeImpossible: (reason: string, field: 'method' | 'url') =>
    new Failure(
      'invalid',
      'policy.route_impossible',
      `Correct \`method\` or \`url\`: ${reason}.`,
      atField(`/${field}`, reason),
    ),

  limitImpossible: (name: string, reason: string, place: number) =>
    new Failure(
      'invalid',
      'policy.limit_impossible',
      `Correct the limit "${name}": ${reason}.`,
      atField(`/limits/${place}`, reason),
    ),

  /** Else nobody would ever be let through. */
  limitWithoutMeter: (name: string, meter: string, place: number) =>
    new Failure(
      'invalid',
      'policy.meter_unknown',
      `Correct the limit "${name}": no meter has the id or key "${meter}".`,
      atField(`/limits/${place}/meter`, 'No meter has this id or key.'),
    ),

  /** Else it would show only once there is usage, which is lost by then. */
  meteringImpossible: (event: string, reason: string, place: number) =>
    new Failure(
      'invalid',
      'policy.metering_impossible',
      `Correct the metering rule for "${event}": ${reason}.`,
      atField(`/metering/${place}/quantity`, reason),
    ),
}
