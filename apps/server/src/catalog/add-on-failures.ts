import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (addOn: string) =>
    new Failure('not_found', 'add_on.unknown', `There is no add-on "${addOn}".`),

  archived: (addOn: string) =>
    new Failure(
      'conflict',
      'add_on.archived',
      `Add-on "${addOn}" is archived: those who have it keep it, and nobody gets it any more.`,
    ),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'add_on.key_taken',
      `There is an add-on with the key "${key}" already; an add-on never changes, so choose another key.`,
    ),
}
