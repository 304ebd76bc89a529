import { createMeter } from '../../apps/server/src/catalog/create-meter.ts'
import { createPlan } from '../../apps/server/src/catalog/create-plan.ts'
import type { PriceFields } from '../../apps/server/src/catalog/price-fields.ts'
import { createRootCustomer } from '../../apps/server/src/customers/create-root-customer.ts'
import { declareCustomer } from '../../apps/server/src/customers/declare-customer.ts'
import { createOrganization } from '../../apps/server/src/identity/create-organization.ts'
import { backFill } from '../../apps/server/src/metering/back-fill.ts'
import { catchUp, committedSoFar } from '../../apps/server/src/metering/catch-up.ts'
import type { RollUpDeps } from '../../apps/server/src/metering/roll-up.ts'
import type { Database } from '../../apps/server/src/platform/db/database.ts'
import type { Cycle, SimplePriceJson } from '../../packages/pricing/src/index.ts'

/** An organization of the simulation: the environment that it bills in, and whom it bills. */
export type Organization = { readonly envId: number; readonly customers: readonly string[] }

/** A plan as this program knows it, apart from what the product has stored of it. */
export type SimulatedPlan = {
  readonly key: string
  readonly cycle: Cycle
  /** In whole minor units. */
  readonly baseMinor: number
  readonly isInAdvance: boolean
  readonly minimumMinor: number | null
  readonly prices: Readonly<Record<string, SimplePriceJson>>
}

/** What one event adds to the quantity of its meter, or that only the greatest counts. */
export const METERS = { CALLS: 'COUNT', TOKENS: 'SUM', PEAK: 'MAX' } as const
export type MeterKey = keyof typeof METERS

const GRACE_MS = 3_600_000

const CALLS = { model: 'per_unit', included: '3', unitPrice: '0.125' } as const
const TOKENS = {
  model: 'graduated',
  included: '10',
  tiers: [
    { upTo: '100', unitPrice: '0.0101', flatFee: '0' },
    { upTo: '250.5', unitPrice: '0.00705', flatFee: '0.5' },
    { upTo: null, unitPrice: '0.00333', flatFee: '0' },
  ],
} as const
const PEAK = {
  model: 'volume',
  included: '0',
  tiers: [
    { upTo: '40', unitPrice: '0.05', flatFee: '1' },
    { upTo: null, unitPrice: '0.043', flatFee: '2' },
  ],
} as const

export const PLANS: readonly SimulatedPlan[] = [
  plan('starter', 'month', 4_999, { CALLS, TOKENS, PEAK }),
  plan('packs', 'month', 0, {
    CALLS: { model: 'package', included: '0', packageSize: '4', packagePrice: '0.99' },
    TOKENS: { ...TOKENS, minimum: '0.75', maximum: '3.5' },
  }),
  { ...plan('committed', 'quarter', 9_000, { CALLS, PEAK }), minimumMinor: 12_345 },
  plan('weekly', 'week', 700, {
    CALLS,
    TOKENS: { model: 'per_unit', included: '7', unitPrice: '0.005' },
  }),
  plan('yearly', 'year', 99_900, { CALLS, TOKENS, PEAK }),
  { ...plan('ahead', 'month', 2_500, { CALLS, TOKENS }), isInAdvance: true },
]

/** Of one meter each, so that a customer can have two at once, and swap their meters. */
export const NARROW_PLANS: readonly SimulatedPlan[] = [
  plan('calls', 'month', 300, { CALLS }),
  plan('tokens', 'week', 0, { TOKENS }),
  plan('peak', 'month', 150, { PEAK }),
]

/** Every fifth customer has two subscriptions. */
export function hasTwo(customer: string): boolean {
  return Number(customer.split('-').at(-1)) % 5 === 0
}

function plan(
  key: string,
  cycle: Cycle,
  baseMinor: number,
  prices: Partial<Record<MeterKey, SimplePriceJson>>,
): SimulatedPlan {
  return { key, cycle, baseMinor, isInAdvance: false, minimumMinor: null, prices }
}

/** Makes the organizations with their meters, plans and customers. */
export async function createWorld(
  db: Database,
  size: { readonly organizations: number; readonly customers: number },
  now: Date,
): Promise<Organization[]> {
  const all: Organization[] = []
  for (let number = 1; number <= size.organizations; number++) {
    const customers = Array.from({ length: size.customers }, (_, index) => `customer-${index + 1}`)
    const envId = await db.inTransaction(async (tx) => {
      const name = `Organization ${number}`
      const { liveEnvId } = await createOrganization(tx, { name, systemNow: now })
      await createRootCustomer(tx, liveEnvId, now)
      for (const [key, aggregation] of Object.entries(METERS))
        await createMeter(
          tx,
          liveEnvId,
          {
            ...{ key, name: key, unit: 'units', eventName: key, aggregation },
            ...{ valueProperty: null, filter: null, groupBy: [], conversion: null },
          },
          now,
        )
      for (const each of [...PLANS, ...NARROW_PLANS])
        await createPlan(tx, liveEnvId, planInput(each), now)
      for (const customer of customers) await declareCustomer(tx, liveEnvId, { customer }, now)
      return liveEnvId
    })
    all.push({ envId, customers })
  }
  await goLive({ db, clock: () => now })
  return all
}

/** Has the new meters count: until then no invoice with them is finalized. */
async function goLive(deps: RollUpDeps): Promise<void> {
  const committed = await deps.db.inTransaction(committedSoFar)
  while (!(await catchUp(deps, committed)));
  while (await backFill(deps));
}

function planInput({ key, cycle, baseMinor, isInAdvance, minimumMinor, prices }: SimulatedPlan) {
  return {
    ...{ key, name: key, cycle, currency: 'USD' },
    basePrice: major(baseMinor),
    baseInAdvance: isInAdvance,
    graceSeconds: GRACE_MS / 1_000,
    minimum: minimumMinor === null ? null : major(minimumMinor),
    prices: Object.entries(prices).map(
      ([meter, { included, ...rest }]) =>
        ({ meter, includedUnits: included, ...rest }) as PriceFields,
    ),
  }
}

function major(minor: number): string {
  return `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
}
