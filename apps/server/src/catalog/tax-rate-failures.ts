import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (rate: string) =>
    new Failure('not_found', 'tax_rate.unknown', `There is no rate of tax "${rate}".`),

  archived: (rate: string) =>
    new Failure(
      'conflict',
      'tax_rate.archived',
      `The rate of tax "${rate}" is archived; name another one.`,
    ),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'tax_rate.key_taken',
      `There is a rate of tax with the key "${key}" already; a rate never changes, so choose another key.`,
    ),
}
