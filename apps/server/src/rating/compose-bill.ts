import {
  composeInvoice,
  type Interval,
  type Invoice,
  type Item,
  type Line,
  type LineShare,
  type MeteredPrice,
  type PricePart,
  partsOf,
  prorateMinor,
  type RecurringCharge,
  type Span,
  shareOf,
  takeCredits,
  WHOLE,
  wholeDecimal,
  ZERO,
} from '@usageflow/pricing'
import type { NamedVersion } from '../catalog/find-plan.ts'
import type { TaxRate } from '../catalog/tax-rate.ts'
import type { BillingDetails } from '../customers/customer.ts'
import { NO_USAGE, quantityOf, type Slice, type Total } from '../metering/total.ts'
import { invariant } from '../platform/errors.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { answerId, bordersOf, type UsageQuestion } from './ask-usage.ts'
import type { Adjustment, Bill, BillLine } from './bill.ts'
import type { BillCoupon } from './bill-coupons.ts'
import { describeBase, describeFlat, describeUsage } from './describe-line.ts'
import type { LateCharge } from './late-usage.ts'
import { taxRateOf, taxTerms } from './tax-of.ts'
import type { Purses, UsableGrant } from './usable-grants.ts'

/** All that decides what a bill comes to. */
export type BillMaterial = {
  readonly bill: Bill
  readonly version: NamedVersion
  readonly customer: BillingDetails
  readonly questions: readonly UsageQuestion[]
  readonly totals: ReadonlyMap<string, Total>
  readonly coverage: ReadonlyMap<string, readonly Slice[]>
  readonly grants: readonly UsableGrant[]
  readonly coupons: readonly BillCoupon[]
  /** What the subscription has beside its plan, with the rates of tax that they name themselves. */
  readonly addOns: readonly RecurringCharge[]
  readonly taxRates: ReadonlyMap<string, TaxRate>
  readonly late: readonly LateCharge[]
}

export type ComposedBill = {
  readonly invoice: Invoice
  readonly lines: readonly BillLine[]
  readonly adjustments: readonly Adjustment[]
}

/** Computes a bill by `composeInvoice`, and notes in `purses` which credits it has used. */
export function composeBill(material: BillMaterial, purses: Purses): ComposedBill {
  const { bill, version, customer, coupons } = material
  const { currency } = version
  const { period } = bill
  const planTaxRate = taxRateOf(null, version, customer)
  const metered = material.questions.map((question) => meteredBy(question, material, purses))
  const owner = bill.subscription.customer
  const used = bill.usage ?? (bill.base === null ? period : null) // of late usage alone nothing may be left
  const payable = { currency, ...payableIn(bill) }
  const invoice = composeInvoice({
    currency,
    base: bill.base && {
      amountMinor: version.baseMinor,
      quantity: bill.subscription.quantity,
      share: shareOf(bill.base),
      taxRate: planTaxRate,
      ...intervalOf(bill.base),
    },
    flats: flatsOf(material),
    usage: used && {
      share: shareOf(used),
      prices: metered.flatMap(({ prices }) => prices),
      ...intervalOf(used),
    },
    items: [
      ...itemsOf(material),
      ...bill.deducted.map((each) => ({ ...each, ...intervalOf(period) })),
      ...material.late.map(({ item }) => item),
    ],
    planTaxRate,
    coupons: coupons.map(({ coupon }) => coupon),
    minimumMinor: bill.usage ? version.minimumMinor : null,
    metMinor: metBefore(material),
    promotional: purses.money(owner, payable, true),
    taxRates: taxTerms(material.taxRates),
    prepaid: purses.money(owner, payable, false),
  })
  for (const { id, amountMinor } of [...invoice.promotional, ...invoice.prepaid])
    purses.take(id, wholeDecimal(amountMinor))
  const lines = invoice.lines.map((line) => billLine(line, material))
  const unitCredits = metered.flatMap((each) => each.credits)
  return { invoice, lines, adjustments: adjustmentsOf(invoice, unitCredits, material, purses) }
}

/** When credits of money must be valid to pay for a bill. */
export function payableIn({ period, afterwardsAt }: Bill): Pick<Span, 'start' | 'end'> {
  if (afterwardsAt === null) return period
  return { start: afterwardsAt, end: new Date(afterwardsAt.getTime() + 1) }
}

/** The prices of a meter, one for each part of its price, after the units that credits pay for. */
function meteredBy(
  question: UsageQuestion,
  { bill, version, customer, totals, grants }: BillMaterial,
  purses: Purses,
) {
  const { meter, meterId, price } = question
  const parts = partsOf(price)
  const at = (part: PricePart, until: Date | null) =>
    totals.get(answerId(question.id, part, until)) ?? NO_USAGE // nobody was covered at any time
  const usage = [...bordersOf(question, grants), null].map((until) => ({
    until: until ?? question.to,
    quantities: parts.map((part) => quantityOf(meter, at(part, until))),
  }))
  const taken = takeCredits(
    parts.map((part) => part.price.included),
    bill.usage ? shareOf(bill.usage) : WHOLE,
    usage,
    meter.aggregation === 'COUNT' || meter.aggregation === 'SUM'
      ? purses.units(question.customer, meterId)
      : [],
  )
  const credits = [...taken.byGrant].map(([id, units]) => {
    purses.take(id, units)
    return { kind: 'unit_credit' as const, ref: id, meterId, units }
  })
  const own = version.prices.find((each) => each.meter.id === meterId)?.taxRateId ?? null
  const prices = parts.map(
    (part, index): MeteredPrice => ({
      meter: meterId,
      dimension: part.values,
      price: part.price,
      quantity: usage.at(-1)?.quantities[index] ?? ZERO,
      events: at(part, null).events,
      credited: taken.credited[index] ?? ZERO,
      taxRate: taxRateOf(own, version, customer),
    }),
  )
  return { prices, credits }
}

/** Flat prices go with the base price; what is charged once, with the first bill. */
function flatsOf({ bill, version, customer, addOns }: BillMaterial): RecurringCharge[] {
  const { base, usage, isFirst } = bill
  const span = base ?? usage
  const planned = version.flatPrices.flatMap((flat): RecurringCharge[] => {
    const { name, amountMinor } = flat
    const taxRate = taxRateOf(flat.taxRateId, version, customer)
    if (flat.recurring === 'once')
      return isFirst && span
        ? [{ name, amountMinor, taxRate, share: WHOLE, ...intervalOf(span) }]
        : []
    return base ? [{ name, amountMinor, taxRate, share: shareOf(base), ...intervalOf(base) }] : []
  })
  const added = addOns.map((charge) => ({
    ...charge,
    taxRate: taxRateOf(charge.taxRate ?? null, version, customer),
  }))
  return [...planned, ...added]
}

/** The unused part of a base price that was billed in advance comes back. */
function itemsOf({ bill, version, customer }: BillMaterial): Item[] {
  const { unusedBase, subscription } = bill
  if (unusedBase === null) return []
  const costOf = (span: Span) => baseOf(span, version, subscription)
  const { billed, used } = unusedBase
  return [
    {
      name: `${version.planName}, unused base price`,
      amountMinor: costOf(used) - costOf(billed),
      taxRate: taxRateOf(null, version, customer),
      periodStart: used.end,
      periodEnd: billed.end,
    },
  ]
}

/** What a part of a period costs, as on a line of its own. */
function baseOf(span: Span, { baseMinor }: NamedVersion, { quantity }: Subscription): bigint {
  const { part, whole } = shareOf(span)
  return prorateMinor(baseMinor * quantity, { part, whole: whole * wholeDecimal(1n) })
}

/**
 * What an earlier invoice charged for the period of the usage, where the plan is paid in advance: it counts
 * towards the minimum. While that invoice is not final, what it would charge without coupons.
 */
function metBefore(material: BillMaterial): bigint {
  const { bill, version } = material
  if (bill.paidAhead === null || version.minimumMinor === null) return 0n
  const { span, chargedMinor } = bill.paidAhead
  const unused = itemsOf(material).reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  return (chargedMinor ?? chargedAhead(span, material)) + unused
}

function chargedAhead(span: Span, { version, bill }: BillMaterial): bigint {
  const flats = version.flatPrices.filter(({ recurring }) => recurring === 'period')
  return flats.reduce(
    (sum, { amountMinor }) => sum + prorateMinor(amountMinor, shareOf(span)),
    baseOf(span, version, bill.subscription),
  )
}

function billLine(line: Line & LineShare, material: BillMaterial): BillLine {
  const { bill, version, coverage } = material
  if (line.kind === 'usage') {
    const question = material.questions.find(({ meterId }) => meterId === line.meter)
    invariant(question !== undefined, 'a line of usage has a price')
    const { meter, id } = question
    const description = describeUsage(meter, line, version.currency)
    const counted = coverage.get(id) ?? []
    return { description, billedMeter: meter, coverage: counted, late: null, ...line }
  }
  if (line.kind === 'late') return lateLine(line, material)
  const description = describe(line, bill, version)
  return { description, billedMeter: null, coverage: [], late: null, ...line }
}

function lateLine(line: Line & LineShare, { late }: BillMaterial): BillLine {
  const charge = late.find(
    ({ item }) =>
      line.kind !== 'usage' && item.meter === line.meter && item.periodStart === line.periodStart,
  )
  invariant(charge !== undefined, 'a line of late usage has a charge')
  const { meter: billedMeter, description, coverage } = charge
  return { description, billedMeter, coverage, late: charge.late, ...line }
}

function describe(line: Exclude<Line, { kind: 'usage' }>, bill: Bill, version: NamedVersion) {
  switch (line.kind) {
    case 'base':
      return describeBase(
        version.planName,
        bill.base ? shareOf(bill.base) : WHOLE,
        bill.subscription.quantity,
      )
    case 'flat':
      return describeFlat(line.name, line.quantity)
    case 'late':
    case 'item':
      return line.name
    case 'true_up':
      return `${version.planName}, up to the minimum`
    default:
      throw new TypeError(`unknown line: ${line.kind satisfies never}`)
  }
}

/** What an invoice takes off and puts on beside its lines, with the names of who does. */
export function adjustmentsOf(
  invoice: Invoice,
  unitCredits: ReturnType<typeof meteredBy>['credits'],
  { coupons, taxRates }: Pick<BillMaterial, 'coupons' | 'taxRates'>,
  purses: Purses,
): Adjustment[] {
  const couponName = (id: string) => coupons.find((each) => each.coupon.id === id)?.name ?? ''
  const money = { units: null, tax: null }
  return [
    ...unitCredits.map(({ ref, meterId, units: quantity }) => ({
      kind: 'unit_credit' as const,
      ref,
      name: purses.nameOf(ref),
      tax: null,
      units: { meterId, quantity },
      amountMinor: 0n,
    })),
    ...invoice.discounts
      .filter(({ amountMinor }) => amountMinor > 0n)
      .map(({ id: ref, amountMinor }) => ({
        kind: 'discount' as const,
        ref,
        name: couponName(ref),
        amountMinor,
        ...money,
      })),
    ...invoice.promotional.map(({ id: ref, amountMinor }) => ({
      kind: 'promotional' as const,
      ref,
      name: purses.nameOf(ref),
      amountMinor,
      ...money,
    })),
    ...invoice.taxes.map(({ id: ref, amountMinor, ...tax }) => ({
      kind: 'tax' as const,
      ref,
      name: taxRates.get(ref)?.name ?? '',
      units: null,
      tax,
      amountMinor,
    })),
    ...invoice.prepaid.map(({ id: ref, amountMinor }) => ({
      kind: 'prepaid' as const,
      ref,
      name: purses.nameOf(ref),
      amountMinor,
      ...money,
    })),
  ]
}

function intervalOf({ start, end }: Span): Interval {
  return { periodStart: start, periodEnd: end }
}
