import { decimal, formatDecimal, majorText, minorDigits } from '@usageflow/pricing'
import { z } from 'zod'
import { type Draft, drafted, keyOf, NoCounterpart, withoutNamesakes } from './draft.ts'

const clause = z.looseObject({
  key: z.string(),
  operator: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
})
type Clause = z.output<typeof clause>
type Group = { readonly conjunction: 'and' | 'or'; readonly clauses: readonly (Clause | Group)[] }
const group: z.ZodType<Group> = z.looseObject({
  conjunction: z.enum(['and', 'or']),
  clauses: z.array(z.union([clause, z.lazy(() => group)])),
})

const dodoMeter = z.looseObject({
  id: z.string(),
  name: z.string(),
  event_name: z.string(),
  measurement_unit: z.string().nullish(),
  aggregation: z.looseObject({ type: z.string(), key: z.string().nullish() }),
  filter: group.nullish(),
})

const dodoProduct = z.looseObject({
  product_id: z.string(),
  name: z.string().nullish(),
  credit_entitlements: z.array(z.unknown()).nullish(),
  addons: z.array(z.unknown()).nullish(),
  price: z.looseObject({
    type: z.string(),
    currency: z.string().optional(),
    price: z.int().optional(),
    fixed_price: z.int().optional(),
    discount: z.number().nullish(),
    discount_bps: z.number().nullish(),
    tax_inclusive: z.boolean().nullish(),
    purchasing_power_parity: z.boolean().nullish(),
    trial_period_days: z.int().nullish(),
    trial_amount: z.number().nullish(),
    payment_frequency_count: z.int().optional(),
    payment_frequency_interval: z.string().optional(),
    meters: z
      .array(
        z.looseObject({
          meter_id: z.string(),
          price_per_unit: z.string().nullish(),
          free_threshold: z.int().nullish(),
          credit_entitlement_id: z.string().nullish(),
        }),
      )
      .nullish(),
  }),
})
type DodoPrice = z.output<typeof dodoProduct>['price']

/** Meters and products of Dodo Payments, as its API lists them. Products are plans. */
export function fromDodo(meters: readonly unknown[], products: readonly unknown[]): Draft {
  const all = meters.map((meter) => dodoMeter.parse(meter))
  const keys = new Map(all.map(({ id, name }) => [id, keyOf(name)]))
  return {
    meters: withoutNamesakes(
      all.map((meter) => drafted(keyOf(meter.name), () => draftMeter(meter))),
    ),
    plans: withoutNamesakes(
      products
        .map((product) => dodoProduct.parse(product))
        .map(({ name, product_id: id, ...product }) =>
          drafted(keyOf(name || id), () => draftPlan({ name: name || id, ...product }, keys)),
        ),
    ),
  }
}

const AGGREGATIONS: Readonly<Record<string, string>> = {
  count: 'COUNT',
  sum: 'SUM',
  max: 'MAX',
  last: 'LAST',
}

function draftMeter({ name, event_name, measurement_unit, ...meter }: z.output<typeof dodoMeter>) {
  const { type, key } = meter.aggregation
  const aggregation = AGGREGATIONS[type]
  if (!aggregation) throw new NoCounterpart(`there is no aggregation "${type}" here`)
  const valueProperty = aggregation === 'COUNT' || !key ? null : [key]
  const filter = meter.filter ? draftGroup(meter.filter) : null
  const unit = measurement_unit ?? ''
  return { body: { name, unit, eventName: event_name, aggregation, valueProperty, filter } }
}

const OPERATORS: Readonly<Record<string, string>> = {
  equals: 'eq',
  not_equals: 'ne',
  greater_than: 'gt',
  greater_than_or_equals: 'gte',
  less_than: 'lt',
  less_than_or_equals: 'lte',
  contains: 'contains',
  does_not_contain: 'not_contains',
}

function draftGroup({ conjunction, clauses }: Group): unknown {
  return {
    [conjunction]: clauses.map((one) =>
      'clauses' in one ? draftGroup(one as Group) : draftClause(one as Clause),
    ),
  }
}

function draftClause({ key, operator, value }: Clause) {
  const ours = OPERATORS[operator]
  if (!ours) throw new NoCounterpart(`there is no comparison "${operator}" here`)
  return { property: [key], operator: ours, value }
}

/** A base price that is paid at the start of each period, and usage at its end, as there. */
function draftPlan(
  {
    name,
    price,
    credit_entitlements,
    addons,
  }: Pick<z.output<typeof dodoProduct>, 'price' | 'credit_entitlements' | 'addons'> & {
    name: string
  },
  meterKeys: ReadonlyMap<string, string>,
) {
  const { currency, type } = price
  const minor = type === 'usage_based_price' ? price.fixed_price : price.price
  if (type === 'one_time_price' || currency === undefined || minor === undefined)
    throw new NoCounterpart('it is sold once, and a plan is for periods')
  refuseSpecialTerms(price)
  if (credit_entitlements?.length)
    throw new NoCounterpart('it grants credits: add them to a plan made by hand')
  const prices = (price.meters ?? []).map((meter) => draftPrice(meter, currency, meterKeys))
  return {
    body: {
      ...{ name, currency, cycle: cycleOf(price), prices },
      ...{ basePrice: majorText(BigInt(minor), currency), baseInAdvance: true },
      trialDays: price.trial_period_days ?? 0,
    },
    notes: addons?.length ? ['its add-ons are not taken over: make add-ons by hand'] : [],
  }
}

function refuseSpecialTerms(price: DodoPrice): void {
  if (price.discount || price.discount_bps)
    throw new NoCounterpart('its price has a discount: make a coupon of it')
  if (price.tax_inclusive)
    throw new NoCounterpart('its price includes tax: name the rate on a plan made by hand')
  if (price.purchasing_power_parity)
    throw new NoCounterpart('its price depends on the country that one buys in')
  if (price.trial_amount) throw new NoCounterpart('its trial is paid for')
  if (price.trial_period_days && price.meters?.length)
    throw new NoCounterpart('its trial is of the base price alone, and here of usage, too')
}

const CYCLES: Readonly<Record<string, string>> = {
  '1 Day': 'day',
  '1 Week': 'week',
  '1 Month': 'month',
  '3 Month': 'quarter',
  '1 Year': 'year',
  '12 Month': 'year',
}

function cycleOf({ payment_frequency_count, payment_frequency_interval }: DodoPrice): string {
  const each = `${payment_frequency_count} ${payment_frequency_interval}`
  const cycle = CYCLES[each]
  if (!cycle) throw new NoCounterpart(`there is no period of ${each} here`)
  return cycle
}

function draftPrice(
  meter: NonNullable<DodoPrice['meters']>[number],
  currency: string,
  meterKeys: ReadonlyMap<string, string>,
) {
  const key = meterKeys.get(meter.meter_id)
  if (!key)
    throw new NoCounterpart(`its meter ${meter.meter_id} is not among those that were given`)
  if (meter.credit_entitlement_id)
    throw new NoCounterpart(`its meter ${key} is paid for in credits`)
  const minor = decimal(meter.price_per_unit ?? '0')
  const unit = 10n ** BigInt(minorDigits(currency))
  if (minor % unit !== 0n)
    throw new NoCounterpart(`its price per unit of ${key} has more than 12 digits after the point`)
  const unitPrice = formatDecimal((minor / unit) as typeof minor)
  const includedUnits = String(meter.free_threshold ?? 0)
  return { meter: key, model: 'per_unit', unitPrice, includedUnits }
}
