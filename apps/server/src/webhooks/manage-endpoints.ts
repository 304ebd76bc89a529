import type { Tx } from '../platform/db/transaction.ts'
import { scheduleNoLater } from '../platform/due/schedule.ts'
import { newId } from '../platform/id.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { type DisabledReason, DUE_KIND, ENDPOINTS_MAX, type Endpoint } from './endpoint.ts'
import { giveSecret } from './endpoint-secrets.ts'
import { unknownTypes } from './fact-types.ts'
import { failures } from './failures.ts'
import { failPendingDeliveries } from './webhook-deliveries.store.ts'
import {
  countEndpoints,
  type EndpointChange,
  insertEndpoint,
  lockEndpoint,
  selectEndpoint,
  updateEndpoint,
} from './webhook-endpoints.store.ts'
import { deleteExpiredSecrets, endSecrets } from './webhook-secrets.store.ts'

/**
 * Makes an endpoint with a secret, which is returned this once. The URL must have been judged.
 * Throws `webhooks.event_types_unknown` and `webhooks.endpoints_too_many`.
 */
export async function createEndpoint(
  tx: Tx,
  envId: number,
  wanted: Pick<Endpoint, 'url' | 'description' | 'eventTypes'>,
  context: { readonly sealer: Sealer; readonly now: Date },
): Promise<{ endpoint: Endpoint; secret: string }> {
  refuseUnknownTypes(wanted.eventTypes)
  if ((await countEndpoints(tx, envId)) >= ENDPOINTS_MAX)
    throw failures.endpointsTooMany(ENDPOINTS_MAX)
  const made = { ...wanted, id: newId('we'), createdAt: context.now }
  const endpoint = await insertEndpoint(tx, envId, made)
  return { endpoint, secret: await giveSecret(tx, envId, endpoint.id, context) }
}

/** Throws `webhooks.endpoint_unknown`. */
export async function getEndpoint(tx: Tx, envId: number, id: string): Promise<Endpoint> {
  const endpoint = await selectEndpoint(tx, envId, id)
  if (!endpoint) throw failures.endpointUnknown()
  return endpoint
}

/** Like `getEndpoint`, and nobody else decides about it until we have committed. */
export async function getEndpointToChange(tx: Tx, envId: number, id: string): Promise<Endpoint> {
  const endpoint = await lockEndpoint(tx, envId, id)
  if (!endpoint) throw failures.endpointUnknown()
  return endpoint
}

/**
 * Changes what is given and keeps the rest. Pending deliveries go to a new URL. Disabling ends them;
 * enabling begins with a clean slate, and what came in between is not sent afterwards.
 *
 * Throws `webhooks.endpoint_unknown` and `webhooks.event_types_unknown`.
 */
export async function changeEndpoint(
  tx: Tx,
  envId: number,
  change: Pick<EndpointChange, 'url' | 'description' | 'eventTypes'> & {
    readonly id: string
    readonly status?: Endpoint['status'] | undefined
  },
  now: Date,
): Promise<Endpoint> {
  const { id, status, ...content } = change
  if (content.eventTypes) refuseUnknownTypes(content.eventTypes)
  const endpoint = await getEndpointToChange(tx, envId, id)
  await updateEndpoint(tx, envId, id, content)
  if (status === 'disabled' && endpoint.status === 'enabled')
    await disableEndpoint(tx, envId, { id, reason: 'manual' }, now)
  if (status === 'enabled' && endpoint.status === 'disabled')
    await updateEndpoint(tx, envId, id, { disabledReason: null, health: null, pausedUntil: null })
  return getEndpoint(tx, envId, id)
}

/** Sends the endpoint nothing more until it is enabled again. Its row must be locked. */
export async function disableEndpoint(
  tx: Tx,
  envId: number,
  endpoint: { readonly id: string; readonly reason: DisabledReason },
  now: Date,
): Promise<void> {
  await updateEndpoint(tx, envId, endpoint.id, { disabledReason: endpoint.reason })
  await failPendingDeliveries(tx, envId, endpoint.id, now)
}

/** Ends the endpoint and its secrets; the log of its deliveries stays. Throws `webhooks.endpoint_unknown`. */
export async function deleteEndpoint(tx: Tx, envId: number, id: string, now: Date): Promise<void> {
  await getEndpointToChange(tx, envId, id)
  await failPendingDeliveries(tx, envId, id, now)
  await endSecrets(tx, envId, id, now)
  await deleteExpiredSecrets(tx, envId, id, now)
  await updateEndpoint(tx, envId, id, { deletedAt: now })
}

/**
 * Has a delivery that somebody asked for attempted at once, though the receiver may have wished for a
 * rest: they want to see what becomes of it. The endpoint's row must be locked.
 */
export async function wakeEndpoint(
  tx: Tx,
  envId: number,
  endpoint: Endpoint,
  now: Date,
): Promise<void> {
  if (endpoint.pausedUntil) await updateEndpoint(tx, envId, endpoint.id, { pausedUntil: null })
  await scheduleEndpoint(tx, envId, endpoint, now)
}

/** Has the pending deliveries of an endpoint attempted. Its row must be locked. */
export async function scheduleEndpoint(
  tx: Tx,
  envId: number,
  endpoint: Pick<Endpoint, 'id' | 'pace'>,
  at: Date,
): Promise<void> {
  const work = { kind: DUE_KIND[endpoint.pace], ref: endpoint.id, at }
  await scheduleNoLater(tx, envId, [work])
}

function refuseUnknownTypes(eventTypes: readonly string[]): void {
  const unknown = unknownTypes(eventTypes)
  if (unknown.length > 0) throw failures.eventTypesUnknown(unknown)
}
