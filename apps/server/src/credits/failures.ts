import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (credit: string) =>
    new Failure('not_found', 'credit.unknown', `There is no grant of credits "${credit}".`),

  /** Units pay for units beyond the included ones, which only what adds up has. */
  meterUnsuitable: (meter: string, aggregation: string) =>
    new Failure(
      'invalid',
      'credit.meter_unsuitable',
      `Units of "${meter}" cannot be granted: credits of units need a meter that counts or sums, and this is ${aggregation}.`,
    ),

  meterUnknown: (meter: string) =>
    new Failure('invalid', 'credit.meter_unknown', `There is no meter "${meter}".`),

  amountImpossible: (reason: string) =>
    new Failure('invalid', 'credit.amount_impossible', `The amount cannot be granted: ${reason}.`),

  currencyUnknown: (currency: string) =>
    new Failure(
      'invalid',
      'credit.currency_unknown',
      `"${currency}" is not an ISO 4217 currency code such as "USD".`,
    ),

  endsBeforeStart: () =>
    new Failure('invalid', 'credit.ends_before_start', '`validTo` must be later than `validFrom`.'),

  insufficient: (available: string, wanted: string) =>
    new Failure(
      'conflict',
      'credit.insufficient',
      `${wanted} units were asked for and ${available} are free.`,
      { available, wanted },
    ),

  holdUnknown: (hold: string) =>
    new Failure('not_found', 'hold.unknown', `There is no hold "${hold}".`),

  /** A reservation ends once. */
  holdClosed: (hold: string, status: string) =>
    new Failure('conflict', 'hold.closed', `The hold ${hold} is ${status} already.`, { status }),

  holdKeyReused: (key: string) =>
    new Failure(
      'conflict',
      'hold.key_reused',
      `The key "${key}" is that of another hold; every piece of work has a key of its own.`,
    ),
}
