import type { UnsettledUse } from '../credits/balance.ts'
import type { PublicPlace } from '../identity/origins.ts'
import type { Database } from '../platform/db/database.ts'
import type { Route } from '../platform/http/route.ts'
import type { StripeDeps } from '../stripe/account.ts'
import { billsRoutes } from './bills.routes.ts'
import { creditsRoutes } from './credits.routes.ts'
import { linksRoutes } from './links.routes.ts'
import { paymentsRoutes } from './payments.routes.ts'
import { plansRoutes } from './plans.routes.ts'
import { usageRoutes } from './usage.routes.ts'
import { visitRoutes } from './visit.routes.ts'

/** All routes of the portal: those of the organization, and those of its customers. */
export function portalRoutes(deps: {
  readonly db: Database
  readonly unsettledUse: UnsettledUse
  readonly stripe: StripeDeps
  place(): PublicPlace
}): Route[] {
  return [
    ...linksRoutes(deps),
    ...visitRoutes(deps),
    ...usageRoutes(),
    ...billsRoutes(),
    ...creditsRoutes(deps),
    ...plansRoutes(),
    ...paymentsRoutes(deps),
  ]
}
