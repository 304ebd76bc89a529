import type { FastifyInstance } from 'fastify'
import type { Credentials } from '../identity/credentials.ts'
import { createEgress } from '../platform/egress/egress.ts'
import { createGuardedFetch } from '../platform/egress/guarded-fetch.ts'
import type { Route } from '../platform/http/route.ts'
import { connectionRoutes } from './connection.routes.ts'
import { mountSignOn } from './mount-sign-on.ts'
import type { SignOnDeps } from './sign-on.ts'

/** Sign-on through the issuers of organizations, put together. */
export function openSignOn(
  options: Omit<SignOnDeps, 'fetch' | 'allowsPrivate'> & {
    readonly webhookNetworks: readonly string[]
    readonly credentials: Credentials
  },
): { readonly routes: readonly Route[]; mount(app: FastifyInstance): void } {
  const egress = createEgress({ allowedNetworks: options.webhookNetworks })
  const { allowsPrivate } = egress
  const deps = { ...options, fetch: createGuardedFetch(egress), allowsPrivate }
  return { routes: connectionRoutes(deps), mount: (app) => mountSignOn(app, deps) }
}
