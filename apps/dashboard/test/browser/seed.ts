/** Calls the API of the environment that is filled. */
export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>

const CUSTOMERS = [
  ['acme', 'Acme Robotics'],
  ['globex', 'Globex'],
  ['initech', 'Initech'],
  ['umbrella', 'Umbrella Health'],
  ['hooli', 'Hooli'],
  ['stark', 'Stark Energy'],
  ['wayne', 'Wayne Logistics'],
  ['tyrell', 'Tyrell Bio'],
] as const
const PLANS_OF = ['pro', 'pro', 'scale', 'starter', 'scale', 'enterprise', 'tokens', 'storage']
const MODELS = ['gpt-4', 'small', 'large']
const DAYS = 89 // the last of them is under way
const BATCH = 1_000

export const SEED_START = '2026-03-01T00:00:00Z'
const START_MS = Date.parse(SEED_START)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Three months of a business with six plans of different models, lived through on a clock of its own. */
export async function seed(call: Call, receiverUrl: string): Promise<void> {
  await catalog(call)
  for (const [index, [customerId, name]] of CUSTOMERS.entries()) {
    await call('POST', '/customers', { customerId, name, email: `billing@${customerId}.example` })
    await call('POST', '/subscriptions', { customerId, plan: PLANS_OF[index] })
  }
  await call('POST', '/customers/acme/credits', {
    meter: 'API_CALL',
    units: '5000',
    name: 'Welcome',
  })
  await call('POST', '/customers/globex/credits', {
    amountMinor: '25000',
    currency: 'USD',
    name: 'Prepaid',
  })
  await call('POST', '/webhook-endpoints', {
    url: receiverUrl,
    eventTypes: ['invoice.*'],
    description: 'Bookkeeping',
  })
  await call('POST', '/alerts', {
    ...{ name: 'Soon to be paid', kind: 'usage', meter: 'API_CALL', window: 'period' },
    thresholds: ['80%', '100%'],
  })
  for (let month = 0; month < 3; month += 1) {
    await moveClock(call, LASTS[month] ?? SEED_START) // what has not happened yet cannot be recorded
    await sendMonth(call, month)
    await moveClock(call, monthEnd(month))
  }
  await payMost(call)
}

async function catalog(call: Call): Promise<void> {
  await call('POST', '/meters', { key: 'API_CALL', name: 'API calls', unit: 'calls' })
  await call('POST', '/meters', {
    key: 'AI_TOKEN',
    name: 'AI tokens',
    unit: 'tokens',
    groupBy: ['model'],
  })
  await call('POST', '/meters', {
    key: 'STORAGE_GB',
    name: 'Storage',
    unit: 'GB',
    aggregation: 'MAX',
  })
  const plan = (key: string, name: string, basePrice: string, prices: unknown[]) =>
    call('POST', '/plans', { key, name, currency: 'USD', cycle: 'month', basePrice, prices })
  await plan('starter', 'Starter', '0', [
    { meter: 'API_CALL', model: 'per_unit', includedUnits: '1000', unitPrice: '0.02' },
  ])
  await plan('pro', 'Pro', '100', [
    { meter: 'API_CALL', model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' },
  ])
  await plan('scale', 'Scale', '450', [
    {
      meter: 'API_CALL',
      model: 'graduated',
      tiers: [
        { upTo: '20000', unitPrice: '0.008' },
        { upTo: '100000', unitPrice: '0.005' },
        { upTo: null, unitPrice: '0.003' },
      ],
    },
  ])
  await plan('enterprise', 'Enterprise', '2000', [
    {
      meter: 'API_CALL',
      model: 'volume',
      tiers: [
        { upTo: '50000', unitPrice: '0.006' },
        { upTo: null, unitPrice: '0.004' },
      ],
    },
  ])
  await plan('tokens', 'Tokens', '20', [
    { meter: 'AI_TOKEN', model: 'package', packageSize: '1000', packagePrice: '0.15' },
  ])
  await plan('storage', 'Storage', '10', [
    { meter: 'STORAGE_GB', model: 'per_unit', includedUnits: '100', unitPrice: '0.05' },
  ])
}

/** The usage of a month; sent twice, it is recorded once. */
async function sendMonth(call: Call, month: number): Promise<void> {
  const from = month === 0 ? 0 : dayOf(monthEnd(month - 1))
  const to = month === 2 ? DAYS : dayOf(monthEnd(month))
  const days = Array.from({ length: to - from }, (_, index) => from + index)
  const events = days
    .flatMap((day) =>
      CUSTOMERS.flatMap(([customerId], index) =>
        [0, 1, 2].map((part) => eventOf({ customerId, index, day, part })),
      ),
    )
    .filter(({ timestamp }) => timestamp < (LASTS[month] ?? ''))
  for (let at = 0; at < events.length; at += BATCH) {
    const answer = await call('POST', '/events', events.slice(at, at + BATCH))
    const { results } = answer as { results: { status: string; error?: { message: string } }[] }
    const refused = results.find(({ status }) => status === 'refused')
    if (refused) throw new Error(`an event was refused: ${refused.error?.message}`)
  }
}

/** Grows from day to day and rests at weekends; the same at every run. */
function eventOf({
  customerId,
  index,
  day,
  part,
}: Record<'index' | 'day' | 'part', number> & { customerId: string }) {
  const midnight = START_MS + day * DAY_MS
  const isWeekend = [0, 6].includes(new Date(midnight).getUTCDay())
  const size = 200 + 90 * index + 9 * day + ((7 * day + 13 * index + 5 * part) % 120)
  return {
    idempotencyKey: `${customerId}-${day}-${part}`,
    name: customerId === 'tyrell' ? 'STORAGE_GB' : part === 2 ? 'AI_TOKEN' : 'API_CALL',
    customerId,
    amount: isWeekend ? Math.trunc(size / 4) : size,
    timestamp: new Date(midnight + (8 + 4 * part) * HOUR_MS).toISOString(),
    metadata: { endpoint: '/v1/chat', model: MODELS[(day + index + part) % MODELS.length] },
  }
}

const LASTS = ['2026-03-31T23:00:00Z', '2026-04-30T23:00:00Z', '2026-05-28T09:00:00Z']
const ENDS = ['2026-04-01T02:00:00Z', '2026-05-01T02:00:00Z', '2026-05-28T10:00:00Z']
const monthEnd = (month: number): string => ENDS[month] ?? SEED_START
const dayOf = (instant: string): number => Math.floor((Date.parse(instant) - START_MS) / DAY_MS)

const WAITS_MAX = 300

async function moveClock(call: Call, now: string): Promise<void> {
  await call('POST', '/clock', { now })
  for (let waits = 0; waits < WAITS_MAX; waits += 1) {
    const { isMoving } = (await call('GET', '/clock')) as { isMoving: boolean }
    if (!isMoving) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the clock does not arrive')
}

/** What is left open shows how that looks. */
async function payMost(call: Call): Promise<void> {
  const { data } = (await call('GET', '/invoices?status=finalized')) as {
    data: { id: string; amountDueMinor: string }[]
  }
  for (const [index, { id }] of data.entries()) {
    if (index % 5 === 4) await call('POST', `/invoices/${id}/fail`, { reason: 'card declined' })
    else if (index % 4 !== 3) await call('POST', `/invoices/${id}/pay`)
  }
}
