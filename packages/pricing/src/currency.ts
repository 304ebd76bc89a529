import { type Decimal, decimalFromMinor, formatDecimal, minorOf } from './decimal.ts'

/**
 * The active codes of ISO 4217 by the digits of their minor unit. `Intl` follows what people write
 * on price tags instead, and so differs for the rial, the lek and others. Metals and units of
 * account have no minor unit and cannot be billed in.
 */
const CODES: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]

const DIGITS: ReadonlyMap<string, number> = new Map(
  CODES.flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits] as const)),
)

/** Whether `text` is an active ISO 4217 code, in capitals. */
export function isCurrency(text: string): boolean {
  return DIGITS.has(text)
}

/** How many digits the minor unit has: 2 for USD, 0 for JPY, 3 for KWD. Throws RangeError for an unknown code. */
export function minorDigits(currency: string): number {
  const digits = DIGITS.get(currency)
  if (digits === undefined)
    throw new RangeError(
      `${JSON.stringify(currency)} is not an ISO 4217 currency code such as "USD"`,
    )
  return digits
}

/** Minor units as people read them, with all digits of the currency: `"120.00"` for USD, `"120"` for JPY. */
export function formatMinor(amountMinor: bigint, currency: string): string {
  const digits = minorDigits(currency)
  const [whole = '', fraction = ''] = majorText(amountMinor, currency).split('.')
  return digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, '0')}`
}

/** Minor units in the major unit by the shortest text: `"120"`, `"120.5"`. */
export function majorText(amountMinor: bigint, currency: string): string {
  return formatDecimal(majorFromMinor(amountMinor, currency))
}

/** Minor units as an exact decimal of the major unit. */
export function majorFromMinor(amountMinor: bigint, currency: string): Decimal {
  return decimalFromMinor(amountMinor, minorDigits(currency))
}

/**
 * A decimal of the major unit in minor units. Throws RangeError if it has more digits than the
 * currency: an amount is refused, never rounded in silence.
 */
export function minorFromDecimal(amount: Decimal, currency: string): bigint {
  const digits = minorDigits(currency)
  const amountMinor = minorOf(amount, digits)
  if (amountMinor === null)
    throw new RangeError(
      `${formatDecimal(amount)} ${currency} has more than the ${digits} digits after the point that ${currency} has`,
    )
  return amountMinor
}
