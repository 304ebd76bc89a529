/** Exact decimals, prices, periods and invoices: pure functions without I/O or a clock. */

export {
  compareGrants,
  creditBorders,
  type GrantOrder,
  type TakenCredits,
  takeCredits,
  type UnitGrant,
  type UsageUntil,
} from './credits.ts'
export {
  formatMinor,
  isCurrency,
  majorFromMinor,
  majorText,
  minorDigits,
  minorFromDecimal,
} from './currency.ts'
export {
  type Charge,
  cost,
  type Decimal,
  decimal,
  decimalFromNumber,
  divide,
  divideRounded,
  formatDecimal,
  minorRounded,
  multiply,
  roundedDecimal,
  sum,
  wholeDecimal,
  ZERO,
} from './decimal.ts'
export {
  type ChargeLine,
  composeInvoice,
  type Invoice,
  type Line,
  type UsageLine,
} from './invoice.ts'
export type {
  Interval,
  InvoiceInput,
  Item,
  MeteredPrice,
  RecurringCharge,
  UsageCharges,
} from './invoice-input.ts'
export {
  ANCHOR_KINDS,
  type Anchor,
  type AnchorKind,
  anchorAt,
  CYCLES,
  type Cycle,
  isTimeZone,
  type Period,
  periodAt,
  periodContaining,
  periodsOf,
} from './period.ts'
export {
  type DimensionCase,
  type DimensionValue,
  type Model,
  type PerUnit,
  type Price,
  type PriceByDimension,
  type PricePart,
  partFor,
  partsOf,
  type SimplePrice,
  type Tier,
} from './price.ts'
export {
  assertPriceIn,
  MODELS,
  type PriceJson,
  parsePrice,
  priceToJson,
  type SimplePriceJson,
  type TierJson,
} from './price-json.ts'
export { prorateMinor, prorateUnits, type Share, type Span, shareOf, WHOLE } from './proration.ts'
export { beyondIncluded, type MeteredUsage, type RatedLine, type Rule, rate } from './rate.ts'
export {
  type Applied,
  type Coupon,
  type LineShare,
  type MoneyGrant,
  type SettledLine,
  type Settlement,
  settle,
  type Tax,
  type TaxRate,
  type Terms,
} from './settle.ts'
export { spread } from './spread.ts'
