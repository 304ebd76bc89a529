import { createEgress } from '../platform/egress/egress.ts'
import type { ResolveHost } from '../platform/egress/resolve-host.ts'
import type { Route } from '../platform/http/route.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { deliveriesRoutes } from './deliveries.routes.ts'
import { endpointsRoutes } from './endpoints.routes.ts'
import { factsRoutes } from './facts.routes.ts'

/** Endpoints, their deliveries, and the facts that are delivered. See `webhookLanes` for `allowedNetworks`. */
export function webhookRoutes(deps: {
  readonly sealer: Sealer
  readonly allowedNetworks: readonly string[]
  readonly resolve?: ResolveHost
}): Route[] {
  const { sealer } = deps
  const egress = createEgress(deps)
  return [...endpointsRoutes({ egress, sealer }), ...deliveriesRoutes(), ...factsRoutes()]
}
