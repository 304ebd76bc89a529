import { isDeepStrictEqual } from 'node:util'
import { decimal, formatDecimal } from '@usageflow/pricing'

type Fields = Readonly<Record<string, unknown>>

/** What decides which events a meter counts, and how; and what it is when a draft does not say it. */
const RULE: Fields = {
  eventName: undefined,
  aggregation: undefined,
  valueProperty: null,
  filter: null,
  groupBy: [],
  conversion: { factor: '1', divisor: '1' },
  rounding: { mode: 'none', digits: 0 },
}

/** The names of what a meter that is there counts otherwise than the one that is wanted. */
export function differencesOfMeters(there: Fields, wanted: Fields): string[] {
  const same = (name: string, value: unknown) =>
    isDeepStrictEqual(asSet(name, there[name]), asSet(name, value))
  return Object.entries(RULE)
    .filter(([name, unsaid]) => !same(name, wanted[name] ?? unsaid))
    .map(([name]) => name)
}

/** A meter that groups by the same properties in another order is no other meter. */
function asSet(name: string, value: unknown): unknown {
  return name === 'groupBy' ? new Set(value as readonly string[]) : value
}

/** What decides what a plan costs. */
const TERMS = [
  ...['currency', 'cycle', 'basePrice', 'baseInAdvance', 'prices', 'flatPrices', 'credits'],
  ...['minimum', 'trialDays', 'taxRate'],
]

/** The names of what the newest version of a plan that is there bills otherwise than the one that is wanted. */
export function differencesOfPlans(there: Fields, wanted: Fields): string[] {
  const [newest = {}] = there.versions as readonly Fields[]
  return TERMS.filter((name) => !isDeepStrictEqual(term(newest[name]), term(wanted[name])))
}

/** A term as it can be compared: what is nothing is left out, prices go by their meters, an amount is written in one way. */
function term(value: unknown): unknown {
  if (typeof value === 'string') return amountOrWord(value)
  if (Array.isArray(value)) return value.length === 0 ? undefined : listed(value)
  if (typeof value === 'object' && value !== null) return saidIn(value as Fields)
  return value === null || value === false || value === 0 ? undefined : value
}

function listed(values: readonly Fields[]): unknown {
  if (!values.every((value) => typeof value.meter === 'string')) return values.map(term)
  return new Map(values.map(({ meter, meterId: _, ...price }) => [meter, term(price)]))
}

/** What is 0 may be left out of a request, except a maximum: that makes all of it free. */
function saidIn(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, name === 'maximum' ? value : term(value)] as const)
      .filter(([, value]) => value !== undefined),
  )
}

const AMOUNT = /^\d+(\.\d{1,12})?$/

function amountOrWord(text: string): string | undefined {
  if (!AMOUNT.test(text)) return text
  const amount = decimal(text)
  return amount === 0n ? undefined : formatDecimal(amount)
}
