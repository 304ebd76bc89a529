import type { Month, Target } from './month.ts'

const METERS = [
  {
    key: 'REQUESTS',
    name: 'Requests',
    unit: 'requests',
    aggregation: 'COUNT',
    filter: { property: 'status', operator: 'lt', value: 400 },
  },
  {
    key: 'BANDWIDTH',
    name: 'Bandwidth',
    unit: 'GB',
    aggregation: 'SUM',
    valueProperty: 'bytes',
    conversion: { divisor: '1000000000' },
  },
  {
    key: 'LARGEST',
    name: 'Largest answer',
    unit: 'bytes',
    aggregation: 'MAX',
    valueProperty: 'bytes',
  },
  { key: 'LAST', name: 'Last status', unit: '', aggregation: 'LAST', valueProperty: 'status' },
  {
    key: 'PATHS',
    name: 'Unique paths',
    unit: 'paths',
    aggregation: 'UNIQUE',
    valueProperty: 'path',
  },
]

const BANDWIDTH_TIERS = [
  { upTo: '0.01', unitPrice: '0' },
  { upTo: '0.05', unitPrice: '0.90' },
  { upTo: null, unitPrice: '0.60' },
]

/** The log of a web server: one event a line. */
export const accessLog: Month = {
  name: 'Edge',
  file: 'access.log',
  from: '2015-05-01T00:00:00Z',
  to: '2015-06-01T00:00:00Z',
  during: '2015-05-31T23:00:00Z',
  afterGrace: '2015-06-01T02:00:00Z',
  meters: METERS.map((meter) => ({ ...meter, eventName: 'http.request' })),
  counting: 'LAST',
  plan: {
    key: 'edge',
    ...{ name: 'Edge', currency: 'USD', cycle: 'month', basePrice: '5' },
    prices: [
      { meter: 'REQUESTS', model: 'per_unit', includedUnits: '50', unitPrice: '0.002' },
      { meter: 'BANDWIDTH', model: 'graduated', tiers: BANDWIDTH_TIERS },
      { meter: 'LARGEST', model: 'per_unit', unitPrice: '0.0000001' },
      { meter: 'PATHS', model: 'package', packageSize: '10', packagePrice: '0.05' },
    ],
  },
  send: importLog,
  describe: ({ events, quantities, linesCents, subtotalCents: totalCents }) => ({
    events,
    quantities,
    linesCents,
    totalCents,
  }),
  totalOf: ({ subtotalCents }) => subtotalCents,
}

async function importLog({ server, path, key }: Target): Promise<number> {
  const where = ['--url', server.url, '--key', key]
  const done = await server.run('import', path, '--format', 'combined', ...where, '--json')
  console.log('import', JSON.stringify(done))
  const { recorded, duplicates = 0 } = done as { recorded: number; duplicates?: number }
  return recorded + duplicates
}
