import { appendAudit } from '../audit/append-audit.ts'
import { publicPlace } from '../identity/origins.ts'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { unsettledUse } from '../invoicing/unsettled-use.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import type { Answered } from '../platform/http/test-app.ts'
import { settingsRoutes } from '../settings/settings.routes.ts'
import { stripeDeps } from '../stripe/test-account.ts'
import { portalRoutes } from './portal.routes.ts'
import { createPortal } from './visit.ts'

// For tests: an organization with two customers on the same plan, ann and bob, and its portal.

export const ORIGIN = 'https://billing.example'
const NOWHERE = 'http://127.0.0.1:9' // nobody is asked there
const CALLS = { meter: 'CALLS', model: 'per_unit' }

export type Visit = {
  readonly link: string
  readonly token: string
  readonly headers: Readonly<Record<string, string>>
  get(path: string): Promise<Answered>
  post(path: string, body: unknown, more?: Readonly<Record<string, string>>): Promise<Answered>
}

export type PortalApp = BillingApp & {
  /** The subscription of each customer. */
  readonly subscriptions: Readonly<Record<'ann' | 'bob', string>>
  /** Makes a link of this customer and opens it. */
  visit(customer: string, wanted?: object): Promise<Visit>
}

/** March is over and invoiced; it is the third of April. */
export async function portalApp(stripeUrl = NOWHERE): Promise<PortalApp> {
  const { database: db } = await testDatabase()
  const place = () => publicPlace(ORIGIN)
  const stripe = await stripeDeps(stripeUrl)
  const routes = [...portalRoutes({ db, unsettledUse, place, stripe }), ...settingsRoutes()]
  const app = await billingApp('2026-03-01T00:00:00Z', routes, (clock) => ({
    portal: createPortal({ db, clock, place }),
    noteChange: async (tx, change) => {
      if (change.organizationId !== 'org_test') await appendAudit(tx, change) // which is in no table
    },
  }))
  await app.good('POST', '/meters', { key: 'CALLS', name: 'API calls', unit: 'call' })
  for (const [key, basePrice, unitPrice] of [
    ['starter', '10', '0.01'],
    ['pro', '100', '0.005'],
    ['partner', '5', '0.001'],
  ])
    await app.good('POST', '/plans', {
      ...{ key, name: `The ${key}`, currency: 'EUR', cycle: 'month', basePrice },
      prices: [{ ...CALLS, includedUnits: '100', unitPrice }],
    })
  const subscriptions = { ann: '', bob: '' }
  for (const customerId of ['ann', 'bob'] as const) {
    await app.good('POST', '/customers', { customerId, name: `Mx ${customerId}`, language: 'de' })
    const subscription = await app.good('POST', '/subscriptions', { customerId, plan: 'starter' })
    subscriptions[customerId] = subscription.id
    const credit = { currency: 'EUR', amountMinor: '250', name: `For ${customerId}` }
    await app.good('POST', `/customers/${customerId}/credits`, credit)
    await app.use([
      { customer: customerId, name: 'CALLS', at: '2026-03-05T00:00:00Z', amount: '300' },
      { customer: customerId, name: 'CALLS', at: '2026-04-02T12:00:00Z', amount: '140' },
    ])
  }
  await app.until('2026-04-03T00:00:00Z')
  return { ...app, subscriptions, visit: (customer, wanted = {}) => visit(app, customer, wanted) }
}

async function visit(app: BillingApp, customer: string, wanted: object): Promise<Visit> {
  const { id, url } = await app.good('POST', `/customers/${customer}/portal-links`, wanted)
  const token = new URL(url).hash.slice(1)
  const opened = await app.send('POST', '/api/portal/v1/open', { body: { token } })
  const [cookie = ''] = (opened.headers['set-cookie']?.[0] ?? '').split(';')
  const headers = { cookie, 'usageflow-portal': id }
  return {
    ...{ link: id, token, headers },
    get: (path) => app.send('GET', `/api/portal/v1${path}`, { headers }),
    post: (path, body, more = {}) =>
      app.send('POST', `/api/portal/v1${path}`, {
        headers: { ...headers, origin: ORIGIN, ...more },
        body,
      }),
  }
}
