import type { Tx } from '../platform/db/transaction.ts'
import type { Delivery } from './delivery.ts'
import { failures } from './failures.ts'
import { getEndpointToChange, wakeEndpoint } from './manage-endpoints.ts'
import { selectDelivery, updateDelivery } from './webhook-deliveries.store.ts'

/** Throws `webhooks.delivery_unknown`. */
export async function getDelivery(tx: Tx, envId: number, id: string): Promise<Delivery> {
  const delivery = await selectDelivery(tx, envId, id)
  if (!delivery) throw failures.deliveryUnknown()
  return delivery
}

/**
 * Sends a delivery again from now on, with a new series of attempts and the same `webhook-id`: also
 * one that was delivered, or that waits for its next attempt.
 *
 * Throws `webhooks.delivery_unknown`, `webhooks.endpoint_unknown` and `webhooks.endpoint_disabled`.
 */
export async function replayDelivery(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Delivery> {
  const { endpointId } = await getDelivery(tx, envId, id)
  const endpoint = await getEndpointToChange(tx, envId, endpointId)
  if (endpoint.status === 'disabled') throw failures.endpointDisabled()
  const anew = { state: 'pending', attempts: 0, nextAttemptAt: now, endedAt: null } as const
  await updateDelivery(tx, envId, id, anew)
  await wakeEndpoint(tx, envId, endpoint, now)
  return getDelivery(tx, envId, id)
}
