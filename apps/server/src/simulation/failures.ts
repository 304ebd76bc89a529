import { Failure } from '../platform/errors.ts'

export const failures = {
  timeImpossible: () =>
    new Failure('invalid', 'simulation.time_impossible', '`to` must be later than `from`.'),

  nobody: () =>
    new Failure(
      'invalid',
      'simulation.nobody',
      'Say for whom: `customers`, or `on` with the plan that they are on.',
    ),

  cycleDiffers: (wanted: string, cycle: string) =>
    new Failure(
      'conflict',
      'simulation.cycle_differs',
      `The plan is billed by the ${wanted} and the subscription by the ${cycle}: their periods are not the same.`,
    ),

  currencyDiffers: (wanted: string, currency: string) =>
    new Failure(
      'conflict',
      'simulation.currency_differs',
      `The plan is in ${wanted} and the subscription in ${currency}: there is no difference between them.`,
    ),
}
