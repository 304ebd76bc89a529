import { atField, Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (strategy: string) =>
    new Failure('not_found', 'strategy.unknown', `There is no strategy "${strategy}".`),

  archived: (strategy: string) =>
    new Failure(
      'conflict',
      'strategy.archived',
      `The strategy "${strategy}" is archived; name another one.`,
      atField('/strategy', 'It is archived: choose another one.'),
    ),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'strategy.key_taken',
      `There is a strategy with the key "${key}" already. Change that one, or choose another key.`,
      atField('/key', 'Another strategy has it.'),
    ),

  /** A source that never finds anything would leave everybody unknown, without a word. */
  sourceImpossible: (reason: string, place: number) =>
    new Failure(
      'invalid',
      'strategy.source_impossible',
      `Correct \`sources\`: ${reason}.`,
      atField(`/sources/${place}/name`, reason),
    ),
}
