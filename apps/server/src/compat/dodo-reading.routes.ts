import { z } from 'zod'
import { findMeter, metersById, metersInOrder } from '../catalog/find-meter.ts'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { balancesOf, type UnsettledUse } from '../credits/balance.ts'
import type { Customer } from '../customers/customer.ts'
import { customersInOrder, getCustomer } from '../customers/declare-customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { periodContents } from '../invoicing/invoices-of.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { customerIdField, flagField, instantField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import { failures as subscriptionFailures } from '../subscriptions/failures.ts'
import { dodoWords } from './dodo.ts'
import { type Entitlement, noUnits, toEntitlement } from './dodo-credits.ts'
import { toDodoMeter } from './dodo-meters.ts'
import { dodoPage, rowsOf } from './dodo-pages.ts'
import { toUsageHistory } from './dodo-usage.ts'

export type DodoReadingDeps = { readonly unsettledUse: UnsettledUse }

const shared = { method: 'GET', tag: 'Compatibility', words: dodoWords } as const
/** The shapes are theirs: what is made here is sent as it is. */
const replies = { 200: z.looseObject({}) }
const customerParams = z.object({ customerId: customerIdField })
const subscriptionParams = z.object({ subscriptionId: textField(100) })

/** What else clients of Dodo Payments read: meters, customers, usage of periods, and credits. */
export function dodoReadingRoutes(deps: DodoReadingDeps): Route[] {
  return [...meterRoutes(), ...customerRoutes(), usageHistoryRoute(), ...creditRoutes(deps)]
}

function meterRoutes(): Route[] {
  return [
    route({
      ...shared,
      path: '/compat/dodo/meters',
      summary: 'List meters to clients of Dodo Payments',
      scope: 'catalog:read',
      query: z.strictObject({ ...dodoPage, archived: flagField.optional() }),
      replies,
      async handle({ tx, caller, query }) {
        const { archived: isArchived = false } = query
        const meters = await metersInOrder(tx, caller.envId, { ...rowsOf(query), isArchived })
        const items = meters.map((meter) => toDodoMeter(meter, caller.organizationId))
        return { status: 200, body: { items } }
      },
    }),
    route({
      ...shared,
      path: '/compat/dodo/meters/:meter',
      summary: 'Show a meter to clients of Dodo Payments',
      scope: 'catalog:read',
      params: z.object({ meter: textField(100) }),
      replies,
      failures: [meterFailures.unknown],
      async handle({ tx, caller, params }) {
        const meter = await findMeter(tx, caller.envId, params.meter)
        return { status: 200, body: toDodoMeter(meter, caller.organizationId) }
      },
    }),
  ]
}

function customerRoutes(): Route[] {
  return [
    route({
      ...shared,
      path: '/compat/dodo/customers',
      summary: 'List customers to clients of Dodo Payments',
      scope: 'customers:read',
      query: z.strictObject({
        ...dodoPage,
        created_at_gte: instantField.optional(),
        created_at_lte: instantField.optional(),
        email: textField(255).optional(),
        name: textField(255).optional(),
      }),
      replies,
      async handle({ tx, caller, query }) {
        const { email, name: namePart } = query
        const { created_at_gte: createdFrom, created_at_lte: createdTo } = query
        const traits = { email, namePart, createdFrom, createdTo }
        const customers = await customersInOrder(tx, caller.envId, { ...rowsOf(query), ...traits })
        const items = customers.map((customer) => toDodoCustomer(customer, caller.organizationId))
        return { status: 200, body: { items } }
      },
    }),
    route({
      ...shared,
      path: '/compat/dodo/customers/:customerId',
      summary: 'Show a customer to clients of Dodo Payments',
      scope: 'customers:read',
      params: customerParams,
      replies,
      failures: [customerFailures.unknown],
      async handle({ tx, caller, params }) {
        const customer = await getCustomer(tx, caller.envId, params.customerId)
        return { status: 200, body: toDodoCustomer(customer, caller.organizationId) }
      },
    }),
  ]
}

function toDodoCustomer({ customer, name, email, createdAt }: Customer, organizationId: string) {
  return {
    customer_id: customer,
    business_id: organizationId,
    name,
    email: email ?? '',
    phone_number: null,
    metadata: {},
    created_at: createdAt.toISOString(),
  }
}

function usageHistoryRoute(): Route {
  return route({
    ...shared,
    path: '/compat/dodo/subscriptions/:subscriptionId/usage-history',
    summary: 'Show what periods came to, to clients of Dodo Payments',
    scope: 'billing:read',
    params: subscriptionParams,
    query: z.strictObject({
      ...dodoPage,
      start_date: instantField.optional(),
      end_date: instantField.optional(),
      meter_id: textField(100).optional(),
    }),
    replies,
    failures: [subscriptionFailures.unknown],
    async handle({ tx, caller, params, query, now }) {
      const { start_date: from, end_date: to, meter_id: only } = query
      const { limit, offset } = rowsOf(query)
      const periods = await periodContents(tx, caller.envId, params.subscriptionId, now)
      const within = periods.filter(
        ({ periodStart, periodEnd }) => (!from || periodEnd > from) && (!to || periodStart < to),
      )
      const shown = within.slice(offset, offset + limit)
      const ids = shown.flatMap(({ lines }) => lines.flatMap(({ meterId }) => meterId ?? []))
      const meters = await metersById(tx, caller.envId, [...new Set(ids)])
      const items = shown.map((period) => {
        const { meters: all, ...span } = toUsageHistory(period, meters)
        return { ...span, meters: only ? all.filter(({ id }) => id === only) : all }
      })
      return { status: 200, body: { items } }
    },
  })
}

function creditRoutes({ unsettledUse }: DodoReadingDeps): Route[] {
  const read = (tx: Tx, envId: number, customer: string, now: Date) =>
    entitlementsOf(tx, envId, { customer, unsettledUse }, now)
  return [
    route({
      ...shared,
      path: '/compat/dodo/customers/:customerId/credit-entitlements',
      summary: 'Show what credits a customer has, to clients of Dodo Payments',
      scope: 'billing:read',
      params: customerParams,
      replies,
      failures: [customerFailures.unknown],
      async handle({ tx, caller, params, now }) {
        await getCustomer(tx, caller.envId, params.customerId)
        const items = await read(tx, caller.envId, params.customerId, now)
        return {
          status: 200,
          body: { items: items.map((item) => ({ ...item, description: null, overage: '0' })) },
        }
      },
    }),
    route({
      ...shared,
      path: '/compat/dodo/subscriptions/:subscriptionId/credit-usage',
      summary: 'Show what credits a subscription can use, to clients of Dodo Payments',
      scope: 'billing:read',
      params: subscriptionParams,
      replies,
      failures: [subscriptionFailures.unknown],
      async handle({ tx, caller, params, now }) {
        const { id, customer } = await getSubscription(tx, caller.envId, params.subscriptionId)
        const items = await read(tx, caller.envId, customer, now)
        return {
          status: 200,
          body: { subscription_id: id, items: items.map(toCreditUsage) },
        }
      },
    }),
    balanceRoute(read),
  ]
}

function balanceRoute(
  read: (tx: Tx, envId: number, customer: string, now: Date) => Promise<Entitlement[]>,
): Route {
  return route({
    ...shared,
    path: '/compat/dodo/credit-entitlements/:meter/balances/:customerId',
    summary: 'Show a balance of credits to clients of Dodo Payments',
    scope: 'billing:read',
    params: z.object({ meter: textField(2_000), customerId: customerIdField }),
    replies,
    failures: [customerFailures.unknown, meterFailures.unknown],
    async handle({ tx, caller, params, now }) {
      const { createdAt } = await getCustomer(tx, caller.envId, params.customerId)
      const all = await read(tx, caller.envId, params.customerId, now)
      const own = all.find(({ credit_entitlement_id: id }) => id === params.meter)
      const { credit_entitlement_id, balance } =
        own ?? noUnits(await findMeter(tx, caller.envId, params.meter))
      const body = {
        id: `${credit_entitlement_id}:${params.customerId}`,
        ...{ credit_entitlement_id, customer_id: params.customerId, balance, overage: '0' },
        ...{ created_at: createdAt.toISOString(), updated_at: createdAt.toISOString() },
        last_transaction_at: null,
      }
      return { status: 200, body }
    },
  })
}

async function entitlementsOf(
  tx: Tx,
  envId: number,
  of: { readonly customer: string; readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<Entitlement[]> {
  const balances = await balancesOf(tx, envId, of, now)
  const meterIds = balances.flatMap(({ asset }) => (asset.kind === 'units' ? [asset.meterId] : []))
  const meters = await metersById(tx, envId, meterIds)
  return balances.map((balance) => toEntitlement(balance, meters))
}

/** What is used beyond credits is billed by its price, so nothing is a limit of theirs. */
function toCreditUsage({ name, ...item }: Entitlement) {
  return {
    ...item,
    credit_entitlement_name: name,
    ...{ overage: '0', overage_enabled: true, overage_limit: null },
    ...{ limit_reached: false, remaining_headroom: null },
  }
}
