import type * as Pricing from '../../packages/pricing/src/index.ts'
import type {
  ChargeCase,
  GrantCase,
  ItemCase,
  MeterCase,
  MoneyCase,
  PricingCase,
  ShareCase,
} from './case.ts'

/** packages/pricing, or a copy of it with a mistake in it. */
export type PricingModule = typeof Pricing

/** An invoice, and for each meter what was taken from its grants of units, in the order of use. */
export type Computed = {
  readonly invoice: Pricing.Invoice
  readonly credits: readonly ReadonlyMap<string, Pricing.Decimal>[]
}

/** What packages/pricing makes of a case. */
export function compute(pricing: PricingModule, given: PricingCase): Computed {
  const period = { periodStart: new Date(0), periodEnd: new Date(given.end) }
  const share = shareOf(given.share)
  const meters = given.meters.map((meter) => meteredPrices(pricing, meter, share, period.periodEnd))
  const charge = (row: ChargeCase) => ({
    amountMinor: BigInt(row.amount),
    quantity: pricing.decimal(row.quantity),
    share: shareOf(row.share),
    taxRate: row.tax,
    ...period,
  })
  const item = (row: ItemCase) => ({
    name: row.name,
    amountMinor: BigInt(row.amount),
    quantity: pricing.decimal(row.quantity),
    taxRate: row.tax,
    ...period,
  })
  const invoice = pricing.composeInvoice({
    currency: given.currency,
    base: given.base && charge(given.base),
    flats: given.flats.map((flat) => ({ ...charge(flat), name: flat.name })),
    usage: { share, prices: meters.flatMap(({ prices }) => prices), ...period },
    items: given.items.map(item),
    coupons: given.coupons.map((coupon) =>
      'percent' in coupon
        ? { id: coupon.id, percent: pricing.decimal(coupon.percent) }
        : { id: coupon.id, amountMinor: BigInt(coupon.amount) },
    ),
    minimumMinor: given.minimum === null ? null : BigInt(given.minimum),
    planTaxRate: given.planTax,
    promotional: given.promotional.map(moneyGrant),
    taxRates: given.taxes.map(({ id, percent, inclusive }) => ({
      id,
      percent: pricing.decimal(percent),
      isInclusive: inclusive,
    })),
    prepaid: given.prepaid.map(moneyGrant),
  })
  return { invoice, credits: meters.map(({ byGrant }) => byGrant) }
}

function meteredPrices(
  pricing: PricingModule,
  { name, price: json, events, grants, tax }: MeterCase,
  share: Pricing.Share,
  end: Date,
) {
  const price = pricing.parsePrice(json)
  const parts = pricing.partsOf(price)
  const used = events.map(([at, values, amount]) => ({
    at: new Date(at),
    caseNo: pricing.partFor(price, values).caseNo,
    amount: pricing.decimal(amount),
  }))
  const unitGrants = grants.map((grant) => unitGrant(pricing, grant))
  const borders = [...pricing.creditBorders(unitGrants, { start: new Date(0), end }), end]
  const usage = borders.map((until) => ({
    until,
    quantities: parts.map(({ caseNo }) => {
      const before = used.filter((event) => event.caseNo === caseNo && event.at < until)
      return pricing.sum(before.map(({ amount }) => amount))
    }),
  }))
  const included = parts.map((part) => part.price.included)
  const { credited, byGrant } = pricing.takeCredits(included, share, usage, unitGrants)
  const atEnd = usage.at(-1)?.quantities ?? []
  const prices = parts.map((part, index) => ({
    meter: name,
    dimension: part.values,
    price: part.price,
    quantity: atEnd[index] ?? pricing.ZERO,
    events: BigInt(used.filter(({ caseNo }) => caseNo === part.caseNo).length),
    credited: credited[index] ?? pricing.ZERO,
    taxRate: tax,
  }))
  return { prices, byGrant }
}

function unitGrant(pricing: PricingModule, grant: GrantCase): Pricing.UnitGrant {
  return {
    id: grant.id,
    units: pricing.decimal(grant.units),
    priority: grant.priority,
    from: new Date(grant.from),
    to: grant.to === null ? null : new Date(grant.to),
    isPromotional: grant.promotional,
    grantedAt: new Date(grant.grantedAt),
  }
}

function moneyGrant({ id, left, meters }: MoneyCase): Pricing.MoneyGrant {
  return { id, leftMinor: BigInt(left), meters }
}

function shareOf([part, whole]: ShareCase): Pricing.Share {
  return { part: BigInt(part), whole: BigInt(whole) }
}

/** The answer to a case as the oracle words it, to the letter. */
export function answerOf(pricing: PricingModule, given: PricingCase): string {
  try {
    return answerText(pricing, compute(pricing, given))
  } catch (error) {
    return toJson({ error: String(error) })
  }
}

function answerText(pricing: PricingModule, { invoice, credits }: Computed): string {
  const text = pricing.formatDecimal
  const pairs = (all: readonly Pricing.Applied[]) =>
    all.map(({ id, amountMinor }) => [id, amountMinor])
  return toJson({
    credits: credits.map((byGrant) => [...byGrant].map(([id, units]) => [id, text(units)])),
    lines: invoice.lines.map((line) => [
      line.kind,
      line.kind === 'usage' ? line.meter : line.name,
      line.kind === 'usage' ? line.dimension : null,
      line.rule,
      text(line.quantity),
      text(line.included),
      text(line.credited),
      text(line.billable),
      text(line.units),
      text(line.unitPrice),
      text(line.fixed),
      line.amountMinor,
      line.discountMinor,
      line.promotionalMinor,
      line.taxMinor,
    ]),
    subtotal: invoice.subtotalMinor,
    discounts: pairs(invoice.discounts),
    trueUp: invoice.trueUpMinor,
    promotional: pairs(invoice.promotional),
    taxes: invoice.taxes.map(({ id, taxableMinor, amountMinor }) => [
      id,
      taxableMinor,
      amountMinor,
    ]),
    tax: invoice.taxMinor,
    total: invoice.totalMinor,
    prepaid: pairs(invoice.prepaid),
    due: invoice.amountDueMinor,
  })
}

/** JSON in which a bigint is a number with all its digits. */
function toJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([name, of]) => `${JSON.stringify(name)}:${toJson(of)}`)
  return `{${fields.join(',')}}`
}
