/** Exact decimals, prices, periods and invoices: pure functions without I/O or a clock. */
export {
  formatMinor,
  isCurrency,
  majorFromMinor,
  majorText,
  minorDigits,
  minorFromDecimal,
} from './currency.ts'
export {
  cost,
  type Decimal,
  decimal,
  decimalFromNumber,
  divide,
  divideRounded,
  formatDecimal,
  multiply,
  roundedDecimal,
  sum,
  ZERO,
} from './decimal.ts'
export {
  type BaseCharge,
  type BaseLine,
  composeInvoice,
  type Interval,
  type Invoice,
  type InvoiceInput,
  type Line,
  type MeteredPrice,
  type UsageCharges,
  type UsageLine,
} from './invoice.ts'
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
export { type PerUnitPrice, type Price, type PriceJson, parsePrice, priceToJson } from './price.ts'
export { prorateMinor, prorateUnits, type Share, type Span, shareOf, WHOLE } from './proration.ts'
export { type RatedLine, rate } from './rate.ts'
