import { Failure } from '../../platform/errors.ts'

export const failures = {
  endpointUnknown: (endpoint: string) =>
    new Failure('not_found', 'endpoint.unknown', `There is no endpoint "${endpoint}".`),

  windowEmpty: () =>
    new Failure('invalid', 'report.window_empty', '`from` must be before `to`, or before now.'),

  windowTooLong: (daysMax: number) =>
    new Failure(
      'invalid',
      'report.window_too_long',
      `From \`from\` to \`to\` can be at most ${daysMax} days here.`,
    ),
}
