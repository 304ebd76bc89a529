import type { Route } from '../platform/http/route.ts'
import { leasesRoute } from './leases.routes.ts'
import { policiesRoutes } from './policies.routes.ts'
import { strategiesRoutes } from './strategies.routes.ts'

/** Everything that the API says about what may be used. */
export function controlRoutes(): Route[] {
  return [...strategiesRoutes(), ...policiesRoutes(), leasesRoute()]
}
