import type { Tx } from '../../platform/db/transaction.ts'
import { ENDPOINTS_MAX } from './endpoint.ts'
import { selectFullApplications } from './endpoints.store.ts'
import { selectLosses } from './losses.store.ts'
import type { Warning } from './warning.ts'
import { type EndpointTrouble, selectUnmetered, selectVanished } from './warnings.store.ts'

const DAY_MS = 24 * 3_600_000

/** Of a kind; whoever has more has one cause for most of them. */
const ENDPOINTS_TOLD_MAX = 100

/** What was the matter in the last 24 hours, the latest first. */
export async function readWarnings(tx: Tx, envId: number, systemNow: Date): Promise<Warning[]> {
  const since = new Date(systemNow.getTime() - DAY_MS)
  const limit = ENDPOINTS_TOLD_MAX
  const unmetered = await selectUnmetered(tx, envId, { since, limit })
  const vanished = await selectVanished(tx, envId, { systemNow, limit })
  const full = await selectFullApplications(tx, envId, ENDPOINTS_MAX)
  const losses = await selectLosses(tx, envId, since)
  const warnings = [
    ...unmetered.map((trouble) => ofEndpoint('unmetered', trouble)),
    ...vanished.map((trouble) => ofEndpoint('endpoint_vanished', trouble)),
    ...full.map((each) => ({ ...each, kind: 'endpoints_full' as const, endpoint: null })),
    ...losses.map((loss) => ({ ...loss, endpoint: null })),
  ]
  return warnings.sort((one, other) => other.at.getTime() - one.at.getTime())
}

function ofEndpoint(
  kind: Warning['kind'],
  { application, count, at, id, method, route }: EndpointTrouble,
): Warning {
  const name = route === '' ? null : { method, route }
  return { kind, application, endpoint: { id, name }, count, at }
}
