import type { Call } from '../call.ts'

const METERS = [
  { key: 'API_CALL', name: 'API calls', unit: 'calls', groupBy: ['endpoint'] },
  { key: 'AI_TOKEN', name: 'AI tokens', unit: 'tokens', groupBy: ['model'] },
  { key: 'STORAGE_GB', name: 'Storage', unit: 'GB', aggregation: 'MAX' },
  {
    key: 'ACTIVE_USERS',
    name: 'Active users',
    unit: 'users',
    eventName: 'SIGN_IN',
    aggregation: 'UNIQUE',
    valueProperty: 'user',
  },
]

const MONTHLY = { currency: 'USD', cycle: 'month' }

/** One of each way to price: by unit, graduated, by volume, in packages, by seat, by property, with a minimum. */
const PLANS = [
  {
    ...{ ...MONTHLY, key: 'starter', name: 'Starter', basePrice: '49' },
    prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: '50000', unitPrice: '0.0015' }],
  },
  {
    ...{ ...MONTHLY, key: 'growth', name: 'Growth', basePrice: '299', netDays: 14 },
    prices: [
      {
        meter: 'API_CALL',
        model: 'graduated',
        tiers: [
          { upTo: '250000', unitPrice: '0.0012' },
          { upTo: '1000000', unitPrice: '0.0009' },
          { upTo: null, unitPrice: '0.0006' },
        ],
      },
    ],
  },
  {
    ...{ ...MONTHLY, key: 'scale', name: 'Scale', basePrice: '999', netDays: 14 },
    prices: [
      {
        meter: 'API_CALL',
        model: 'volume',
        tiers: [
          { upTo: '1000000', unitPrice: '0.0008' },
          { upTo: '5000000', unitPrice: '0.0006' },
          { upTo: null, unitPrice: '0.0004' },
        ],
      },
    ],
  },
  {
    ...{ ...MONTHLY, key: 'payg', name: 'Pay as you go' },
    prices: [{ meter: 'AI_TOKEN', model: 'package', packageSize: '1000000', packagePrice: '2.50' }],
  },
  {
    ...{ ...MONTHLY, key: 'team', name: 'Team', basePrice: '30', baseInAdvance: true },
    prices: [
      { meter: 'STORAGE_GB', model: 'per_unit', includedUnits: '100', unitPrice: '0.12' },
      { meter: 'ACTIVE_USERS', model: 'per_unit', includedUnits: '25', unitPrice: '4' },
    ],
  },
  {
    ...{ ...MONTHLY, key: 'studio', name: 'Studio', basePrice: '99' },
    prices: [
      {
        meter: 'AI_TOKEN',
        model: 'by_dimension',
        properties: ['model'],
        cases: [
          { values: ['large'], price: { model: 'per_unit', unitPrice: '0.000012' } },
          { values: ['small'], price: { model: 'per_unit', unitPrice: '0.0000015' } },
        ],
        otherwise: { model: 'per_unit', unitPrice: '0.000004' },
      },
    ],
  },
  {
    ...{ ...MONTHLY, key: 'enterprise', name: 'Enterprise', basePrice: '2500' },
    ...{ minimum: '6000', netDays: 30 },
    prices: [
      {
        meter: 'API_CALL',
        model: 'graduated',
        tiers: [
          { upTo: '2000000', unitPrice: '0.0005', flatFee: '250' },
          { upTo: null, unitPrice: '0.0003' },
        ],
      },
      { meter: 'AI_TOKEN', model: 'package', packageSize: '1000000', packagePrice: '1.80' },
    ],
    flatPrices: [{ name: 'Onboarding', amount: '1500', recurring: 'once' }],
  },
]

const SELLER = {
  sellerName: 'Nimbus AI, Inc.',
  sellerAddress: ['548 Market Street', 'San Francisco, CA 94104', 'United States'],
  taxNumbers: ['EIN 84-1726354'],
  email: 'billing@nimbus.example',
  numberPattern: 'NIM-{year}-{number:5}',
  note: 'Thank you for building with Nimbus.',
}

/** What the company counts and sells, and what it wants to be told. */
export async function fillCatalog(call: Call): Promise<void> {
  await call('PATCH', '/settings/billing', SELLER)
  await call('PATCH', '/collection-settings', { retryAfterDays: [3, 5, 7] })
  await call('POST', '/tax-rates', { key: 'vat-19', name: 'VAT', percent: '19' })
  for (const meter of METERS) await call('POST', '/meters', meter)
  for (const plan of PLANS) await call('POST', '/plans', plan)
  await call('POST', '/coupons', {
    ...{ key: 'launch-20', name: 'Launch partner', percent: '20' },
    ...{ duration: 'periods', periods: 3 },
  })
  await call('POST', '/add-ons', {
    ...{ key: 'priority-support', name: 'Priority support' },
    ...{ currency: 'USD', amount: '250', recurring: 'period' },
  })
  await call('POST', '/alerts', {
    ...{ name: 'Included calls nearly used', kind: 'usage', meter: 'API_CALL' },
    ...{ plan: 'starter', window: 'period', thresholds: ['80%', '100%'] },
  })
  await call('POST', '/alerts', {
    ...{ name: 'Large bill ahead', kind: 'spend', currency: 'USD' },
    thresholds: ['1000', '5000'],
  })
  await call('POST', '/alerts', {
    ...{ name: 'Prepaid running low', kind: 'balance', currency: 'USD' },
    thresholds: ['100'],
  })
}
