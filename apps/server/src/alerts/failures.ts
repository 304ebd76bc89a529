import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (alert: string) =>
    new Failure('not_found', 'alert.unknown', `There is no alert "${alert}".`),

  impossible: (reason: string) =>
    new Failure('invalid', 'alert.impossible', `There can be no such alert: ${reason}.`),
}
