import type { ActionCall } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { ApiError, messageOf } from '../../api/errors.ts'
import { addOnBodies, type NewValues, subscribeBody } from './new-subscription-values.ts'

/** A subscription that was made, and what of the rest was refused, in sentences. */
export type Subscribed = { readonly id: string; readonly refused: readonly string[] }

/**
 * Puts a customer on a plan, and gives the subscription its coupon and its add-ons, which the API does one by
 * one. What is refused of these leaves the subscription as it is.
 */
export async function subscribe(
  values: NewValues,
  { environment: { api }, headers }: ActionCall,
): Promise<Subscribed> {
  const key = headers['idempotency-key']
  const { id, startedAt } = await answered(
    api.POST('/api/v1/subscriptions', { headers, body: subscribeBody(values) }),
  )
  const gifts = [
    ...(values.coupon === null
      ? []
      : [
          api.POST('/api/v1/coupon-attachments', {
            headers: { 'idempotency-key': `${key}-coupon` },
            body: { coupon: values.coupon, subscriptionId: id },
          }),
        ]),
    ...addOnBodies(values, startedAt).map((body, index) =>
      api.POST('/api/v1/subscriptions/{subscriptionId}/add-ons', {
        params: { path: { subscriptionId: id } },
        headers: { 'idempotency-key': `${key}-add-on-${index}` },
        body,
      }),
    ),
  ]
  const results = await Promise.allSettled(gifts.map((gift) => answered<unknown>(gift)))
  return { id, refused: results.flatMap(refusalOf) }
}

/** What the server has not decided is tried again as a whole, with the same keys. */
function refusalOf(result: PromiseSettledResult<unknown>): string[] {
  if (result.status === 'fulfilled') return []
  const { reason } = result
  if (reason instanceof ApiError && reason.status >= 400 && reason.status < 500)
    return [messageOf(reason)]
  throw reason
}
