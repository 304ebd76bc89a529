import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (plan: string) =>
    new Failure('not_found', 'plan.unknown', `There is no plan "${plan}".`),

  versionUnknown: (plan: string, version: number) =>
    new Failure('not_found', 'plan.version_unknown', `Plan "${plan}" has no version ${version}.`),

  versionOutdated: (plan: string, basedOn: number, newest: number) =>
    new Failure(
      'conflict',
      'plan.version_outdated',
      `Plan "${plan}" has version ${newest} by now, and this one was based on version ${basedOn}. Look at version ${newest}, and begin with it.`,
      { newest },
    ),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'plan.key_taken',
      `There is a plan with the key "${key}" already; add a version to it or choose another key.`,
    ),

  /** Those who have subscribed keep their version. */
  archived: (plan: string) =>
    new Failure(
      'conflict',
      'plan.archived',
      `Plan "${plan}" is archived: it is no longer sold or changed.`,
    ),

  currencyUnknown: (currency: string) =>
    new Failure(
      'invalid',
      'plan.currency_unknown',
      `"${currency}" is not an ISO 4217 currency code such as "USD".`,
    ),

  /** An amount is refused rather than rounded in silence. */
  amountImpossible: (reason: string) => new Failure('invalid', 'plan.amount_impossible', reason),

  /** What a meter counts decides which models can price it. */
  priceUnfit: (meter: string, reason: string) =>
    new Failure('invalid', 'plan.price_unfit', `Meter "${meter}": ${reason}`),

  /** What holds for one subscription takes the place of what its plan says, and nothing else. */
  overrideUnfit: (reason: string) =>
    new Failure(
      'invalid',
      'plan.override_unfit',
      `What is overridden does not fit the plan: ${reason} Send \`overrides\` that do, or {} for none.`,
    ),

  /** Of a greatest or last value no event takes a part. */
  creditUnfit: (meter: string, aggregation: string) =>
    new Failure(
      'invalid',
      'plan.credit_unfit',
      `Meter "${meter}" keeps ${aggregation}: credits of units are for meters that COUNT or SUM.`,
    ),

  meterUnknown: (meter: string) =>
    new Failure(
      'not_found',
      'plan.meter_unknown',
      `There is no meter "${meter}" to put a price on.`,
    ),

  /** Its usage would be billed twice. */
  meterTwice: (meter: string) =>
    new Failure(
      'invalid',
      'plan.meter_twice',
      `Meter "${meter}" has two prices; a plan has one for each meter.`,
    ),
}

/** What can be wrong with prices that are to hold for one subscription. */
export const overrideFailures = [
  failures.amountImpossible,
  failures.priceUnfit,
  failures.meterTwice,
  failures.overrideUnfit,
]
