import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (policy: string) =>
    new Failure('not_found', 'policy.unknown', `There is no policy "${policy}".`),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'policy.key_taken',
      `There is a policy with the key "${key}" already. Change that one, or choose another key.`,
    ),

  /** A pattern that never matches would leave its endpoint unguarded, without a word. */
  routeImpossible: (reason: string) =>
    new Failure('invalid', 'policy.route_impossible', `Correct \`method\` or \`url\`: ${reason}.`),

  limitImpossible: (name: string, reason: string) =>
    new Failure('invalid', 'policy.limit_impossible', `Correct the limit "${name}": ${reason}.`),

  /** Else it would show only once there is usage, which is lost by then. */
  meteringImpossible: (event: string, reason: string) =>
    new Failure(
      'invalid',
      'policy.metering_impossible',
      `Correct the metering rule for "${event}": ${reason}.`,
    ),
}
