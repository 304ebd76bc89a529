import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (subscription: string) =>
    new Failure('not_found', 'subscription.unknown', `There is no subscription "${subscription}".`),

  stepImpossible: (status: string, step: string, possible: readonly string[]) =>
    new Failure(
      'conflict',
      'subscription.step_impossible',
      `A subscription that is ${status} cannot ${step}; possible: ${possible.join(', ') || 'nothing'}.`,
      { status, possible },
    ),

  /** Its usage would be billed twice. */
  meterTaken: (meter: string, subscription: string) =>
    new Failure(
      'conflict',
      'subscription.meter_taken',
      `The customer has a price for "${meter}" in that time already, by ${subscription}. Cancel that one first, or start when it ends.`,
      { meter, subscription },
    ),

  /** The usage of that time is on an invoice of a customer above, which never changes. */
  alreadyBilled: (until: Date) =>
    new Failure(
      'conflict',
      'subscription.already_billed',
      `Usage before ${until.toISOString()} was billed to a customer above: start then or later.`,
      { until: until.toISOString() },
    ),

  /** What would become of it after the step cannot be guessed. */
  changeScheduled: (at: Date) =>
    new Failure(
      'conflict',
      'subscription.change_scheduled',
      `A change is planned for ${at.toISOString()}: take it back first (unschedule).`,
      { at: at.toISOString() },
    ),

  nothingScheduled: (subscription: string) =>
    new Failure(
      'conflict',
      'subscription.nothing_scheduled',
      `No change of ${subscription} is planned.`,
    ),

  nothingCanceled: (subscription: string) =>
    new Failure(
      'conflict',
      'subscription.nothing_canceled',
      `No cancelation of ${subscription} is planned that could be taken back.`,
    ),

  changeOutOfTime: (earliest: Date, end: Date | null) =>
    new Failure(
      'invalid',
      'subscription.change_out_of_time',
      `A change can be planned from ${earliest.toISOString()} on (not within a trial), and before the subscription ends.`,
      { earliest: earliest.toISOString(), end },
    ),

  nothingChanges: () =>
    new Failure(
      'invalid',
      'subscription.nothing_changes',
      'Name a plan, a version, a quantity or overrides that differ from what the subscription has.',
    ),

  thresholdImpossible: () =>
    new Failure(
      'invalid',
      'subscription.threshold_impossible',
      'A threshold is above 0; send null for none.',
    ),

  addOnUnknown: (subscription: string, attached: string) =>
    new Failure(
      'not_found',
      'subscription.add_on_unknown',
      `${subscription} has no add-on "${attached}": send the id that attaching one answered.`,
    ),

  /** What was closed before is invoiced as it is. */
  addOnOutOfTime: (earliest: Date, end: Date | null) =>
    new Failure(
      'invalid',
      'subscription.add_on_out_of_time',
      `An add-on begins and ends from ${earliest.toISOString()} on, and begins before the subscription ends.`,
      { earliest: earliest.toISOString(), end },
    ),

  /** An invoice has one currency. */
  addOnCurrency: (addOn: string, currency: string, planCurrency: string) =>
    new Failure(
      'conflict',
      'subscription.add_on_currency',
      `Add-on "${addOn}" costs ${currency} and the plan ${planCurrency}; a subscription is billed in one currency.`,
      { addOn, currency, planCurrency },
    ),

  startsInFuture: () =>
    new Failure(
      'invalid',
      'subscription.starts_in_future',
      '`startedAt` lies ahead. A subscription starts now or in the past.',
    ),

  startsTooFarBack: (periods: number) =>
    new Failure(
      'invalid',
      'subscription.starts_too_far_back',
      `A subscription begins with at most ${periods} periods that are over: start later, or set cancelAt.`,
    ),

  endsBeforeStart: () =>
    new Failure(
      'invalid',
      'subscription.ends_before_start',
      '`cancelAt` must be later than the start of the subscription.',
    ),

  timeZoneUnknown: (timeZone: string) =>
    new Failure(
      'invalid',
      'subscription.time_zone_unknown',
      `"${timeZone}" is not an IANA time zone such as "Europe/Berlin".`,
    ),

  notParked: (subscription: string) =>
    new Failure(
      'conflict',
      'subscription.not_parked',
      `Billing of ${subscription} is not stopped.`,
    ),
}
