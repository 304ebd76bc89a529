import { decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as addOnFailures } from '../catalog/add-on-failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { instantField, instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import {
  attachAddOn,
  attachedAddOns,
  detachAddOn,
  type SubscriptionAddOn,
} from './attach-add-on.ts'
import { getSubscription } from './change-subscription.ts'
import { failures } from './failures.ts'
import { quantityField } from './subscription-reply.ts'

const PATH = '/api/v1/subscriptions/:subscriptionId/add-ons'
const params = z.object({ subscriptionId: textField(100) })

/** Which add-on a subscription gets, and how many of it. */
export const newAddOnFields = {
  addOn: textField(100).meta({ description: 'Id or key', example: 'priority-support' }),
  quantity: quantityField.default('1'),
}

const attachedReply = z
  .object({
    id: z.string(),
    subscriptionId: z.string(),
    addOn: z.string().meta({ description: 'Key of the add-on' }),
    addOnId: z.string(),
    quantity: z.string(),
    from: instantText,
    until: instantText.nullable().meta({ description: 'Null: as long as the subscription' }),
  })
  .meta({ id: 'SubscriptionAddOn' })

/** What a subscription has beside its plan. */
export function subscriptionAddOnsRoutes(): Route[] {
  return [attachRoute(), listRoute(), detachRoute()]
}

function attachRoute(): Route {
  return route({
    method: 'POST',
    path: PATH,
    tag: 'Add-ons',
    summary: 'Give a subscription an add-on',
    description:
      'It is billed with the invoice that closes the period: for the part of the period in which it is there, by seconds, or once as a whole. From now on unless `from` says otherwise, which may lie in the period under way or ahead.',
    scope: 'billing:write',
    params,
    body: z.strictObject({
      ...newAddOnFields,
      from: instantField.optional(),
    }),
    replies: { 201: attachedReply },
    failures: [
      failures.unknown,
      failures.stepImpossible,
      failures.addOnOutOfTime,
      failures.addOnCurrency,
      addOnFailures.unknown,
      addOnFailures.archived,
    ],
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const { addOn, from = null } = body
      const quantity = decimal(body.quantity)
      const wanted = { subscriptionId: params.subscriptionId, addOn, quantity, from }
      return { status: 201, body: toReply(await attachAddOn(tx, caller.envId, wanted, now)) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: PATH,
    tag: 'Add-ons',
    summary: 'List the add-ons that a subscription has, had or will have',
    scope: 'billing:read',
    params,
    replies: { 200: z.object({ data: z.array(attachedReply) }) },
    failures: [failures.unknown],
    async handle({ tx, caller, params }) {
      const { id } = await getSubscription(tx, caller.envId, params.subscriptionId)
      const all = await attachedAddOns(tx, caller.envId, id)
      return { status: 200, body: { data: all.map(toReply) } }
    },
  })
}

function detachRoute(): Route {
  return route({
    method: 'POST',
    path: `${PATH}/:attachedAddOnId/detach`,
    tag: 'Add-ons',
    summary: 'Take an add-on off a subscription',
    description:
      'The period under way bills the part in which it was there. One that has not begun by then is as if it had never been; one that has ended stays as it is.',
    scope: 'billing:write',
    params: z.object({ subscriptionId: textField(100), attachedAddOnId: textField(100) }),
    body: z.strictObject({
      when: z
        .union([z.enum(['now', 'period_end']), instantField])
        .meta({ description: '`now`, `period_end`, or an instant ahead', example: 'now' }),
    }),
    replies: { 200: attachedReply },
    failures: [failures.unknown, failures.addOnUnknown, failures.addOnOutOfTime],
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const { subscriptionId, attachedAddOnId: id } = params
      const wanted = { subscriptionId, id, when: body.when }
      return { status: 200, body: toReply(await detachAddOn(tx, caller.envId, wanted, now)) }
    },
  })
}

function toReply({ attached, addOn }: SubscriptionAddOn): z.input<typeof attachedReply> {
  const { id, subscriptionId, quantity, from, until } = attached
  return {
    ...{ id, subscriptionId, addOn: addOn.key, addOnId: addOn.id },
    quantity: formatDecimal(quantity),
    from: from.toISOString(),
    until: until?.toISOString() ?? null,
  }
}
