import type { Route } from '../platform/http/route.ts'
import { applicationsRoutes } from './applications.routes.ts'
import { blocksRoutes } from './blocks.routes.ts'
import { type ConfigDeps, configRoute } from './config.routes.ts'
import { leasesRoute } from './leases.routes.ts'
import type { BalanceLender } from './lend-leases.ts'
import { policiesRoutes } from './policies.routes.ts'
import {
  decisionsRoute,
  manyDecisionsRoute,
  otherDecisionsRoute,
} from './reports/decisions.routes.ts'
import { endpointsRoutes } from './reports/endpoints.routes.ts'
import { reportsRoute } from './reports/reports.routes.ts'
import { samplesRoute } from './reports/samples.routes.ts'
import { warningsRoute } from './reports/warnings.routes.ts'
import { strategiesRoutes } from './strategies.routes.ts'

/** Everything that the API says about what may be used. */
export function controlRoutes(deps: ConfigDeps & { readonly balances: BalanceLender }): Route[] {
  return [
    ...strategiesRoutes(),
    ...policiesRoutes(),
    ...blocksRoutes(),
    ...applicationsRoutes(),
    configRoute(deps),
    leasesRoute(deps.balances),
    reportsRoute(),
    ...endpointsRoutes(),
    samplesRoute(),
    decisionsRoute(),
    manyDecisionsRoute(),
    otherDecisionsRoute(),
    warningsRoute(),
  ]
}
