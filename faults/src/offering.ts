/** What the environments of a run sell: meters of every aggregation, and plans that price them. */

export type MeterOffer = {
  readonly key: string
  readonly eventName: string
  readonly aggregation: 'COUNT' | 'SUM' | 'MAX' | 'MIN' | 'AVG' | 'LAST' | 'UNIQUE'
  readonly valueProperty: string | null
  readonly filter: {
    readonly property: string
    readonly operator: 'eq' | 'gt'
    readonly value: string | number
  } | null
  readonly groupBy: readonly string[]
  readonly factor: string
  readonly divisor: string
}

export type PlanOffer = {
  readonly key: string
  readonly currency: string
  readonly minorDigits: number
  readonly cycle: 'day' | 'week' | 'month'
  readonly baseMinor: string
  readonly graceSeconds: number
  readonly prices: readonly {
    readonly meter: string
    readonly includedUnits: string
    readonly unitPrice: string
  }[]
}

function meter(
  key: string,
  eventName: string,
  aggregation: MeterOffer['aggregation'],
  rest: Partial<MeterOffer> = {},
): MeterOffer {
  const plain = { valueProperty: null, filter: null, groupBy: [], factor: '1', divisor: '1' }
  return { key, eventName, aggregation, ...plain, ...rest }
}

/** Made before the load begins. */
export const METERS: readonly MeterOffer[] = [
  meter('calls', 'call', 'COUNT'),
  meter('units', 'call', 'SUM'),
  meter('eu-calls', 'call', 'COUNT', {
    filter: { property: 'region', operator: 'eq', value: 'eu' },
  }),
  meter('big-units', 'call', 'SUM', { filter: { property: 'bytes', operator: 'gt', value: 5000 } }),
  meter('traffic', 'call', 'SUM', { valueProperty: 'bytes', groupBy: ['region'], divisor: '1024' }),
  meter('peak', 'gauge', 'MAX'),
  meter('low', 'gauge', 'MIN'),
  meter('mean', 'gauge', 'AVG'),
  meter('level', 'gauge', 'LAST'),
  meter('users', 'login', 'UNIQUE', { valueProperty: 'user' }),
]

/** Made in the midst of it: everything stored before must be folded as well. */
export const LATE_METERS: readonly MeterOffer[] = [
  meter('late-calls', 'call', 'COUNT'),
  meter('late-users', 'login', 'UNIQUE', { valueProperty: 'user' }),
]

const HOUR_SECONDS = 3_600

export const PLANS: readonly PlanOffer[] = [
  {
    key: 'daily',
    currency: 'USD',
    minorDigits: 2,
    cycle: 'day',
    baseMinor: '1000',
    graceSeconds: HOUR_SECONDS,
    prices: [
      { meter: 'calls', includedUnits: '10', unitPrice: '0.01' },
      { meter: 'units', includedUnits: '0', unitPrice: '0.012345' },
      { meter: 'users', includedUnits: '2', unitPrice: '0.5' },
    ],
  },
  {
    key: 'weekly',
    currency: 'KWD',
    minorDigits: 3,
    cycle: 'week',
    baseMinor: '99990',
    graceSeconds: HOUR_SECONDS,
    prices: [
      { meter: 'units', includedUnits: '100.5', unitPrice: '0.000333' },
      { meter: 'peak', includedUnits: '0', unitPrice: '1.25' },
      { meter: 'mean', includedUnits: '0', unitPrice: '3.3333' },
    ],
  },
  {
    key: 'monthly',
    currency: 'JPY',
    minorDigits: 0,
    cycle: 'month',
    baseMinor: '0',
    graceSeconds: 6 * HOUR_SECONDS,
    prices: [
      { meter: 'level', includedUnits: '0', unitPrice: '7.5' },
      { meter: 'low', includedUnits: '0', unitPrice: '11' },
      { meter: 'eu-calls', includedUnits: '25', unitPrice: '0.5' },
      { meter: 'big-units', includedUnits: '0', unitPrice: '1' },
    ],
  },
  {
    key: 'house',
    currency: 'EUR',
    minorDigits: 2,
    cycle: 'week',
    baseMinor: '5000',
    graceSeconds: HOUR_SECONDS,
    prices: [
      { meter: 'traffic', includedUnits: '1', unitPrice: '0.07' },
      { meter: 'calls', includedUnits: '0', unitPrice: '0.002' },
    ],
  },
]

/** The major-unit text of a price: `1000` with two digits is `10.00`. */
export function majorText(minor: string, digits: number): string {
  if (digits === 0) return minor
  const padded = minor.padStart(digits + 1, '0')
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}
