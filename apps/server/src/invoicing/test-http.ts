import { addOnsRoutes } from '../catalog/add-ons.routes.ts'
import { couponsRoutes } from '../catalog/coupons.routes.ts'
import { metersRoutes } from '../catalog/meters.routes.ts'
import { plansRoutes } from '../catalog/plans.routes.ts'
import { taxRatesRoutes } from '../catalog/tax-rates.routes.ts'
import { creditsRoutes } from '../credits/credits.routes.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { customersRoutes } from '../customers/customers.routes.ts'
import { attachFromStart } from '../discounts/attach-coupon.ts'
import { discountsRoutes } from '../discounts/discounts.routes.ts'
import type { Clock } from '../platform/clock.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import type { Route } from '../platform/http/route.ts'
import type { HttpDeps } from '../platform/http/server.ts'
import { type Answered, KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { subscriptionsRoutes } from '../subscriptions/subscriptions.routes.ts'
import { invoicesRoutes } from './invoices.routes.ts'
import { moveRoutes } from './move.routes.ts'
import { oneOffRoutes } from './one-off.routes.ts'
import { previewChangeRoutes } from './preview-change.routes.ts'
import { advance, fold, forgetWork, type TestUsage, use } from './test-billing.ts'
import { unsettledUse } from './unsettled-use.ts'

const routes = [
  ...metersRoutes(),
  ...customersRoutes(),
  ...plansRoutes(),
  ...taxRatesRoutes(),
  ...couponsRoutes(),
  ...addOnsRoutes(),
  ...discountsRoutes(),
  ...creditsRoutes({ unsettledUse }),
  ...subscriptionsRoutes({ attachFromStart }),
  ...invoicesRoutes(),
  ...moveRoutes(),
  ...previewChangeRoutes(),
  ...oneOffRoutes(),
]

/** All routes of billing over HTTP, for one environment of its own whose time the test decides. */
export type BillingApp = Pick<TestApp, 'send' | 'logged'> & {
  readonly envId: number
  readonly port: number
  /** The answer, which must be good. */
  good(method: string, target: string, body?: unknown): Promise<Answered['json']>
  /** The text of what is no JSON. */
  text(target: string): Promise<string>
  /** The code of the failure that is answered. */
  refused(method: string, target: string, body?: unknown): Promise<string>
  /** Has everything done that falls due until then. */
  until(to: string): Promise<void>
  /** What time it is for requests. */
  at(now: string): void
  use(usage: readonly TestUsage[]): Promise<void>
}

export async function billingApp(
  start: string,
  more: readonly Route[] = [],
  deps: (clock: Clock) => Partial<HttpDeps> = () => ({}),
): Promise<BillingApp> {
  await forgetWork()
  let now = new Date(start)
  const clock = () => now
  const app = await serveForTest([...routes, ...more], { clock, ...deps(clock) })
  await inOwnTransaction((tx) => createRootCustomer(tx, app.envId, now))
  const send = (method: string, target: string, body?: unknown) =>
    app.send(method, `/api/v1${target}`, { headers: KEY, body })
  return {
    envId: app.envId,
    port: app.port,
    send: app.send,
    logged: app.logged,
    async good(method, target, body) {
      const { status, json, text } = await send(method, target, body)
      if (status >= 300) throw new Error(`${method} ${target}: ${status} ${text}`)
      return json
    },
    async text(target) {
      const { status, text } = await send('GET', target)
      if (status !== 200) throw new Error(`${target}: ${status} ${text}`)
      return text
    },
    async refused(method, target, body) {
      const { status, json, text } = await send(method, target, body)
      if (status < 400 || status >= 500) throw new Error(`${method} ${target}: ${status} ${text}`)
      return json.error.code
    },
    async until(to) {
      await fold() // meters are counted back, which invoices wait for
      await advance(app.envId, to)
      now = new Date(to)
    },
    at(to) {
      now = new Date(to)
    },
    async use(usage) {
      await use(app.envId, usage)
      await fold()
    },
  }
}
