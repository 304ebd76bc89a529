import { createMeter } from '@usageflow/server/src/catalog/create-meter.ts'
import { createPlan } from '@usageflow/server/src/catalog/create-plan.ts'
import { createRootCustomer } from '@usageflow/server/src/customers/create-root-customer.ts'
import { declareCustomer } from '@usageflow/server/src/customers/declare-customer.ts'
import { createOrganization } from '@usageflow/server/src/identity/create-organization.ts'
import { backFill } from '@usageflow/server/src/metering/back-fill.ts'
import { catchUp, committedSoFar } from '@usageflow/server/src/metering/catch-up.ts'
import { indexCustomers } from '@usageflow/server/src/metering/customer-index.ts'
import type { Database } from '@usageflow/server/src/platform/db/database.ts'
import { subscribe } from '@usageflow/server/src/subscriptions/subscribe.ts'
import { withClient } from './postgres.ts'

const START = new Date('2026-03-01T00:00:00Z')
const METERS = ['CALLS', 'TOKENS', 'IMAGES']
const EVENTS_PER_SUBSCRIPTION = 100
const STORED_AT_ONCE = 40 // subscriptions: 4,000 events, as ingest commits and a turn of the roll-up relies on

/** One environment with a plan of three prices and one customer on it; returns its number. */
export function createOffer(db: Database): Promise<number> {
  return db.inTransaction(async (tx) => {
    const { liveEnvId } = await createOrganization(tx, { name: 'Bench', systemNow: START })
    await createRootCustomer(tx, liveEnvId, START)
    const rule = { valueProperty: null, filter: null, groupBy: [], conversion: null }
    for (const key of METERS) {
      const names = { key, name: key, unit: '', eventName: key, aggregation: 'SUM' as const }
      await createMeter(tx, liveEnvId, { ...names, ...rule }, START)
    }
    const price = { model: 'per_unit' as const, includedUnits: '10', unitPrice: '0.01' }
    const terms = {
      currency: 'USD',
      cycle: 'month' as const,
      basePrice: '20',
      baseInAdvance: false,
    }
    const prices = METERS.map((meter) => ({ meter, ...price }))
    const plan = { key: 'pro', name: 'Pro', ...terms, graceSeconds: 3_600, prices }
    await createPlan(tx, liveEnvId, plan, START)
    await declareCustomer(tx, liveEnvId, { customer: 'c0' }, START)
    const when = { startedAt: START, cancelAt: null, anchorKind: 'day', timeZone: 'UTC' } as const
    await subscribe(
      tx,
      liveEnvId,
      { customer: 'c0', plan: 'pro', planVersion: null, ...when },
      START,
    )
    return liveEnvId
  })
}

/** Copies of the one subscription, until there are so many, each with a month of events that are counted. */
export async function multiply(url: string, db: Database, count: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('begin')
    await client.query('set constraints all deferred')
    for (const text of COPIES) await client.query(text, [count - 1])
    await client.query('commit')
    for (let from = 0; from < count; from += STORED_AT_ONCE)
      await client.query(EVENTS, [from, Math.min(count, from + STORED_AT_ONCE) - 1])
  })
  const deps = { db, clock: () => START }
  const committed = await db.inTransaction(committedSoFar)
  while (!(await catchUp(deps, committed)));
  while (await backFill(deps));
  while ((await indexCustomers(deps, []))?.isCut);
  await withClient(url, (client) => client.query('vacuum analyze'))
}

const COPIES = [
  copyOf('customers', "'c' || n as customer", "'cus_' || n as id", 'name, created_at'),
  copyOf('subscriptions', "'sub_' || lpad(n::text, 26, '0') as id", "'c' || n as customer"),
  copyOf('subscription_terms', "'sub_' || lpad(n::text, 26, '0') as subscription_id"),
  copyOf('subscription_periods', "'sub_' || lpad(n::text, 26, '0') as subscription_id"),
  copyOf('due', "'sub_' || lpad(n::text, 26, '0') as ref"),
]

/** Rows like the one that there is, with other names: jsonb keeps whatever columns the table has. */
function copyOf(table: string, ...changed: readonly string[]): string {
  const pairs = changed.flatMap((each) => {
    const [value = '', name] = each.split(' as ')
    return name === undefined ? [] : [`'${name}', ${value}`]
  })
  const only =
    table === 'customers'
      ? `where customer = 'c0'`
      : table === 'due'
        ? `where kind = 'period.close'`
        : ''
  return `insert into ${table} select r.* from (select to_jsonb(t) as row from ${table} t ${only}) one
    cross join generate_series(1, $1::int) n
    cross join lateral jsonb_populate_record(null::${table}, one.row || jsonb_build_object(${pairs.join(', ')})) r`
}

const EVENTS = `
  insert into usage_events (env_id, key, fingerprint, occurred_at, sequence, name, customer, amount)
  select s.env_id, gen_random_uuid(), 0, timestamptz '2026-03-01' + (e * 7) * interval '1 hour', 0,
    (array['${METERS.join("','")}'])[1 + e % ${METERS.length}], 'c' || n, 1 + e % 5
  from (select env_id from subscriptions limit 1) s
  cross join generate_series($1::int, $2::int) n cross join generate_series(1, ${EVENTS_PER_SUBSCRIPTION}) e`
