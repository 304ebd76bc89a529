import { CYCLES, formatDecimal, type SimplePrice } from '@usageflow/pricing'
import { z } from 'zod'
import type { PlanPrice } from '../catalog/plan.ts'
import { contactOf } from '../customers/contact.ts'
import { previewChange } from '../invoicing/preview-change.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import { visitorsRoute, visitRoute } from '../platform/http/portal-route.ts'
import type { Route } from '../platform/http/route.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { changeFailures } from '../subscriptions/change.routes.ts'
import { changeTerms } from '../subscriptions/change-terms.ts'
import { STATUSES } from '../subscriptions/subscription.ts'
import { subscriptionsOf, type WithOpenPeriod } from '../subscriptions/subscriptions-of.ts'
import { scheduledChange, trialEnd } from '../subscriptions/timeline.ts'
import { documentReply, draftToReply } from './document-reply.ts'
import { failures } from './failures.ts'
import {
  assertMayChoose,
  type Choice,
  choicesOf,
  type OfferedPlan,
  offeredPlans,
  soldAs,
} from './plan-choice.ts'

const SUBSCRIPTIONS_MAX = 20
const params = z.object({ subscriptionId: textField(100) })

/** What the customer is on, and may change to. */
export function plansRoutes(): Route[] {
  return [subscriptionsRoute(), previewRoute(), changeRoute()]
}

const choiceReply = z
  .object({
    key: z.string(),
    name: z.string(),
    currency: z.string(),
    version: z.number(),
    times: z
      .array(z.enum(['now', 'period_end']))
      .meta({ description: 'When it may be changed to' }),
    cycle: z.enum(CYCLES),
    baseMinor: z.string(),
    prices: z.array(
      z.object({
        meter: z.string(),
        unit: z.string(),
        included: z.string(),
        model: z.string(),
        unitPrice: z
          .string()
          .nullable()
          .meta({ description: 'In the major unit; null where it is not one price' }),
      }),
    ),
  })
  .meta({ id: 'PortalPlan' })

const subscriptionReply = z
  .object({
    id: z.string(),
    plan: z.string().meta({ description: 'Its name' }),
    status: z.enum(STATUSES),
    cycle: z.enum(CYCLES),
    periodStart: instantText.nullable(),
    periodEnd: instantText.nullable(),
    trialEndsAt: instantText.nullable(),
    endsAt: instantText.nullable(),
    planned: z
      .object({ at: instantText, plan: z.string() })
      .nullable()
      .meta({ description: 'What it will be instead, and from when on' }),
    choices: z.array(choiceReply).meta({ description: 'What the customer may change it to' }),
  })
  .meta({ id: 'PortalSubscription' })

function subscriptionsRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/subscriptions',
    summary: 'List what the customer has subscribed to, and what it may change it to',
    replies: { 200: z.object({ data: z.array(subscriptionReply) }) },
    async handle({ tx, visitor: { envId, customer, allowsPlanChange } }) {
      const all = await subscriptionsOf(tx, envId, { customer, limit: SUBSCRIPTIONS_MAX })
      const nameOf = await soldAs(
        tx,
        envId,
        all.map(({ subscription }) => subscription),
      )
      const offered = allowsPlanChange ? await offeredPlans(tx, envId) : []
      const data = all.map((one) => toReply(one, nameOf, offered))
      return { status: 200, body: { data } }
    },
  })
}

function toReply(
  one: WithOpenPeriod,
  versionOf: Awaited<ReturnType<typeof soldAs>>,
  offered: readonly OfferedPlan[],
): z.input<typeof subscriptionReply> {
  const { subscription, open } = one
  const { id, status, terms, term, plan } = subscription
  const planned = status === 'canceled' ? null : scheduledChange(terms, term)
  const ends = subscription.endedAt ?? subscription.cancelAt
  const sold = versionOf(subscription)
  return {
    ...{ id, status, cycle: plan.cycle },
    plan: sold?.planName ?? plan.key,
    periodStart: open?.start.toISOString() ?? null,
    periodEnd: open?.end.toISOString() ?? null,
    trialEndsAt: status === 'trialing' ? (trialEnd(terms, term)?.toISOString() ?? null) : null,
    endsAt: ends?.toISOString() ?? null,
    planned: planned && {
      at: planned.since.toISOString(),
      plan: versionOf(planned)?.planName ?? planned.plan.key,
    },
    choices: choicesOf(one, sold, offered).map(choiceToReply),
  }
}

function choiceToReply({ plan, content, times }: Choice): z.input<typeof choiceReply> {
  return {
    ...{ key: plan.key, name: plan.name, version: content.version, times: [...times] },
    ...{ currency: content.currency, cycle: content.cycle },
    baseMinor: String(content.baseMinor),
    prices: content.prices.map(priceToReply),
  }
}

function priceToReply({ meter, price }: PlanPrice) {
  const simple: SimplePrice = price.model === 'by_dimension' ? price.otherwise : price
  const unitPrice = price.model === 'per_unit' ? formatDecimal(price.unitPrice) : null
  return {
    ...{ meter: meter.name, unit: meter.unit, model: price.model, unitPrice },
    included: formatDecimal(simple.included),
  }
}

const changeBody = z.strictObject({
  plan: textField(100).meta({ description: 'Key of one of the choices' }),
  version: z.int().meta({ description: 'As in the choice: what was shown is what is changed to' }),
  when: z.enum(['now', 'period_end']),
})

const choiceFailures = [
  ...changeFailures,
  failures.changeNotAllowed,
  failures.planNotOffered,
  failures.nowNotOffered,
  failures.offerChanged,
]

function previewRoute(): Route {
  return visitorsRoute({
    path: '/api/portal/v1/subscriptions/:subscriptionId/change/preview',
    summary: 'Show what another plan would mean',
    description:
      'Both sides are the whole period under way with the usage so far. A change within the period bills each part by its own plan.',
    params,
    body: changeBody,
    replies: {
      200: z.object({
        at: instantText,
        before: documentReply.nullable().meta({ description: 'Null: the period is not billed' }),
        after: documentReply.nullable(),
        differenceMinor: z.string().nullable(),
      }),
    },
    failures: choiceFailures,
    async handle({ tx, visitor, params, body, now }) {
      const { envId, customer } = visitor
      await assertMayChoose(tx, visitor, { id: params.subscriptionId, ...body })
      const wanted = wantedOf(params.subscriptionId, body)
      const { at, contents } = await previewChange(tx, envId, wanted, now)
      const settings = await billingSettings(tx, envId)
      const buyer = await contactOf(tx, envId, customer)
      const { before, after } = contents ?? {}
      return {
        status: 200,
        body: {
          at: at.toISOString(),
          before: before ? draftToReply(before, settings, buyer) : null,
          after: after ? draftToReply(after, settings, buyer) : null,
          differenceMinor: before && after ? String(after.totalMinor - before.totalMinor) : null,
        },
      }
    },
  })
}

function changeRoute(): Route {
  return visitorsRoute({
    path: '/api/portal/v1/subscriptions/:subscriptionId/change',
    summary: 'Change to another plan',
    description: 'The log of changes names the customer. Sent again with its key, it is done once.',
    params,
    body: changeBody,
    replies: { 200: z.object({ plan: z.string(), at: instantText }) },
    failures: choiceFailures,
    async handle({ tx, visitor, params, body, now }) {
      await assertMayChoose(tx, visitor, { id: params.subscriptionId, ...body })
      const wanted = wantedOf(params.subscriptionId, body)
      const { id, terms } = await changeTerms(tx, visitor.envId, wanted, now)
      const last = terms.at(-1) ?? terms[0]
      return {
        status: 200,
        body: { plan: last.plan.key, at: last.since.toISOString() },
        changed: id,
      }
    },
  })
}

/** The version that was shown, as often as before, at its own prices. */
function wantedOf(id: string, { plan, version, when }: z.output<typeof changeBody>) {
  return { id, plan, when, planVersion: version, quantity: null, overrides: null }
}
