import { majorText } from '@usageflow/pricing'
import { z } from 'zod'
import { type Draft, drafted, keyOf, NoCounterpart, withoutNamesakes } from './draft.ts'

const text = z.union([z.string(), z.number()]).transform(String)
const range = z.looseObject({
  to_value: text.nullish(),
  per_unit_amount: text,
  flat_amount: text.nullish(),
})

const lagoMetric = z.looseObject({
  code: z.string(),
  name: z.string(),
  aggregation_type: z.string(),
  field_name: z.string().nullish(),
  recurring: z.boolean().nullish(),
  expression: z.string().nullish(),
  rounding_function: z.string().nullish(),
  rounding_precision: z.int().nullish(),
  filters: z.array(z.looseObject({ key: z.string() })).nullish(),
})

const lagoCharge = z.looseObject({
  billable_metric_code: z.string(),
  charge_model: z.string(),
  pay_in_advance: z.boolean().nullish(),
  prorated: z.boolean().nullish(),
  min_amount_cents: z.int().nullish(),
  filters: z.array(z.unknown()).nullish(),
  taxes: z.array(z.unknown()).nullish(),
  applied_pricing_unit: z.unknown().optional(),
  properties: z.looseObject({
    amount: text.nullish(),
    package_size: text.nullish(),
    free_units: text.nullish(),
    rate: text.nullish(),
    fixed_amount: text.nullish(),
    free_units_per_events: text.nullish(),
    free_units_per_total_aggregation: text.nullish(),
    per_transaction_min_amount: text.nullish(),
    per_transaction_max_amount: text.nullish(),
    grouped_by: z.array(z.unknown()).nullish(),
    pricing_group_keys: z.array(z.unknown()).nullish(),
    graduated_ranges: z.array(range).nullish(),
    volume_ranges: z.array(range).nullish(),
  }),
})
type Charge = z.output<typeof lagoCharge>

const lagoPlan = z.looseObject({
  code: z.string(),
  name: z.string(),
  interval: z.string(),
  amount_cents: z.int(),
  amount_currency: z.string(),
  pay_in_advance: z.boolean().nullish(),
  bill_charges_monthly: z.boolean().nullish(),
  trial_period: z.number().nullish(),
  minimum_commitment: z.looseObject({ amount_cents: z.int() }).nullish(),
  charges: z.array(lagoCharge).nullish(),
  fixed_charges: z.array(z.unknown()).nullish(),
  taxes: z.array(z.unknown()).nullish(),
  usage_thresholds: z.array(z.unknown()).nullish(),
})

/** Billable metrics and plans of Lago, as its API lists them. */
export function fromLago(metrics: readonly unknown[], plans: readonly unknown[]): Draft {
  return {
    meters: withoutNamesakes(
      metrics
        .map((metric) => lagoMetric.parse(metric))
        .map((metric) => drafted(keyOf(metric.code), () => draftMeter(metric))),
    ),
    plans: withoutNamesakes(
      plans
        .map((plan) => lagoPlan.parse(plan))
        .map((plan) => drafted(keyOf(plan.code), () => draftPlan(plan))),
    ),
  }
}

const AGGREGATIONS: Readonly<Record<string, string>> = {
  count_agg: 'COUNT',
  sum_agg: 'SUM',
  max_agg: 'MAX',
  latest_agg: 'LAST',
  unique_count_agg: 'UNIQUE',
}
const ROUNDINGS: Readonly<Record<string, string>> = { ceil: 'up', floor: 'down', round: 'nearest' }

function draftMeter({ code, name, field_name, ...metric }: z.output<typeof lagoMetric>) {
  const aggregation = AGGREGATIONS[metric.aggregation_type]
  if (!aggregation)
    throw new NoCounterpart(`there is no aggregation "${metric.aggregation_type}" here`)
  if (metric.recurring) throw new NoCounterpart('it carries over from period to period')
  if (metric.expression) throw new NoCounterpart('it computes its value by an expression')
  const { rounding_function: mode, rounding_precision: digits } = metric
  if (digits && digits < 0) throw new NoCounterpart('it rounds before the point')
  const rounding = mode ? { rounding: { mode: ROUNDINGS[mode], digits: digits ?? 0 } } : {}
  const valueProperty = aggregation === 'COUNT' || !field_name ? null : [field_name]
  const groupBy = [...new Set((metric.filters ?? []).map(({ key }) => key))]
  return { body: { name, eventName: code, aggregation, valueProperty, groupBy, ...rounding } }
}

const CYCLES: Readonly<Record<string, string>> = {
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
}

function draftPlan(plan: z.output<typeof lagoPlan>) {
  const { name, amount_currency: currency, minimum_commitment: minimum } = plan
  const cycle = CYCLES[plan.interval]
  if (!cycle) throw new NoCounterpart(`there is no period "${plan.interval}" here`)
  refuseSpecialTerms(plan)
  const major = (cents: number) => majorText(BigInt(cents), currency)
  return {
    body: {
      ...{ name, currency, cycle, basePrice: major(plan.amount_cents) },
      baseInAdvance: plan.pay_in_advance ?? false,
      trialDays: plan.trial_period ?? 0,
      prices: (plan.charges ?? []).map((charge) => draftPrice(charge, major)),
      ...(minimum ? { minimum: major(minimum.amount_cents) } : {}),
    },
    notes: plan.usage_thresholds?.length ? ['its thresholds are not taken over'] : [],
  }
}

function refuseSpecialTerms(plan: z.output<typeof lagoPlan>): void {
  if (plan.bill_charges_monthly)
    throw new NoCounterpart('its usage is billed by the month, its base price is not')
  if (plan.fixed_charges?.length)
    throw new NoCounterpart('it has fixed charges: add them to a plan made by hand')
  if (plan.taxes?.length)
    throw new NoCounterpart('it is taxed: name the rate on a plan made by hand')
  if (plan.trial_period && (plan.charges?.length || plan.minimum_commitment))
    throw new NoCounterpart('its trial is of the base price alone, and here of usage, too')
  if (plan.trial_period && !Number.isInteger(plan.trial_period))
    throw new NoCounterpart('its trial is no whole number of days')
}

function draftPrice(charge: Charge, major: (cents: number) => string) {
  const what = `its charge for ${charge.billable_metric_code}`
  const { grouped_by, pricing_group_keys } = charge.properties
  if (charge.filters?.length || grouped_by?.length || pricing_group_keys?.length)
    throw new NoCounterpart(
      `${what} depends on properties: price it by dimension on a plan made by hand`,
    )
  if (charge.pay_in_advance) throw new NoCounterpart(`${what} is billed with each event`)
  if (charge.prorated) throw new NoCounterpart(`${what} is prorated`)
  if (charge.applied_pricing_unit)
    throw new NoCounterpart(`${what} is in a unit of its own that is not money`)
  if (charge.taxes?.length)
    throw new NoCounterpart(`${what} is taxed: name the rate on a plan made by hand`)
  const minimum = charge.min_amount_cents ? { minimum: major(charge.min_amount_cents) } : {}
  return { meter: keyOf(charge.billable_metric_code), ...modelOf(charge, what), ...minimum }
}

function modelOf({ charge_model: model, properties }: Charge, what: string) {
  switch (model) {
    case 'standard':
      return { model: 'per_unit', unitPrice: properties.amount ?? '0' }
    case 'package':
      return {
        ...{ model: 'package', packageSize: properties.package_size ?? '1' },
        ...{ packagePrice: properties.amount ?? '0', includedUnits: properties.free_units ?? '0' },
      }
    case 'graduated':
      return { model, tiers: tiersOf(properties.graduated_ranges) }
    case 'volume':
      return { model, tiers: tiersOf(properties.volume_ranges) }
    case 'percentage':
      refuseSpecialPercentage(properties, what)
      return {
        model,
        percent: properties.rate ?? '0',
        fixedPerEvent: properties.fixed_amount ?? '0',
      }
    default:
      throw new NoCounterpart(`${what} has the model "${model}", which there is not here`)
  }
}

const ZERO = /^0+(\.0*)?$/

function refuseSpecialPercentage(properties: Charge['properties'], what: string): void {
  const ofNoEffectAt0 = [
    properties.free_units_per_events,
    properties.free_units_per_total_aggregation,
    properties.per_transaction_min_amount,
  ]
  if (
    ofNoEffectAt0.some((value) => value && !ZERO.test(value)) ||
    properties.per_transaction_max_amount
  )
    throw new NoCounterpart(`${what} has free units or bounds by event`)
}

function tiersOf(ranges: readonly z.output<typeof range>[] | null | undefined) {
  return (ranges ?? []).map(({ to_value, per_unit_amount, flat_amount }) => ({
    ...{ upTo: to_value ?? null, unitPrice: per_unit_amount, flatFee: flat_amount ?? '0' },
  }))
}
