import type { Tx } from '../platform/db/transaction.ts'
import { recordFact } from '../platform/facts/append-fact.ts'
import { newId } from '../platform/id.ts'
import { failures } from './failures.ts'
import { getEndpointToChange, wakeEndpoint } from './manage-endpoints.ts'
import { countFactsSince, insertDeliveries } from './webhook-deliveries.store.ts'

const TYPE = 'webhook.test'
const MINUTE_MS = 60_000
const TESTS_A_MINUTE = 10

/**
 * Sends a fact that says nothing to this endpoint alone, whatever its filter, by the same way as every
 * other. Returns the id of the delivery, in which the answer can be read.
 *
 * Throws `webhooks.endpoint_unknown`, `webhooks.endpoint_disabled` and `webhooks.tests_too_many`.
 */
export async function sendTest(
  tx: Tx,
  envId: number,
  endpointId: string,
  now: Date,
): Promise<string> {
  const endpoint = await getEndpointToChange(tx, envId, endpointId)
  if (endpoint.status === 'disabled') throw failures.endpointDisabled()
  const since = new Date(now.getTime() - MINUTE_MS)
  if ((await countFactsSince(tx, envId, TYPE, since)) >= TESTS_A_MINUTE)
    throw failures.testsTooMany()
  const data = { webhookEndpointId: endpointId }
  const factId = await recordFact(tx, envId, { type: TYPE, at: now, data })
  const id = newId('whd')
  await insertDeliveries(tx, envId, [{ id, endpointId, factId }], now)
  await wakeEndpoint(tx, envId, endpoint, now)
  return id
}
