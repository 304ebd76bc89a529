import { compileRoutes, coveringRoutes } from '@usageflow/policy'
import type { Tx } from '../../platform/db/transaction.ts'
import { selectPoliciesFor } from '../policies.store.ts'
import type { Policy } from '../policy.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The policies that cover an endpoint, as packages in applications find them by the template of its route: nearly
 * always one. A path that fits a more specific policy may have another. Without a route nobody can tell.
 */
export async function readPoliciesOf(
  tx: Tx,
  envId: number,
  { application, name }: Pick<Endpoint, 'application' | 'name'>,
): Promise<readonly Policy[]> {
  if (!name?.route) return []
  const table = compileRoutes(await selectPoliciesFor(tx, envId, application))
  return coveringRoutes(table, name.method, name.route).map(({ route }) => route)
}
