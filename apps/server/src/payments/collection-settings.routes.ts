import { z } from 'zod'
import { findPlan } from '../catalog/find-plan.ts'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { customerIdField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { upsertMode, upsertRetryDays } from './collection-settings.store.ts'
import { type CollectionSettings, environmentSettings } from './collection-settings.ts'

const RETRIES_MAX = 10
const RETRY_DAYS_MAX = 60
const tag = 'Payments'

const modeField = z.enum(['automatic', 'manual']).meta({
  description: '`automatic` charges invoices when they are finalized; `manual` waits for somebody',
})
const ownModeField = modeField.nullable().meta({ description: 'Null: as the level above has it' })
const ownReply = z.object({ collection: ownModeField })

const daysField = z.array(z.int().min(1).max(RETRY_DAYS_MAX)).max(RETRIES_MAX).meta({
  description:
    'Days from each failed attempt to the next. When they are used up the invoice has failed and its subscription is suspended',
})
const settingsReply = z
  .object({ collection: modeField, retryAfterDays: daysField })
  .meta({ id: 'CollectionSettings' })

export function collectionSettingsRoutes(): Route[] {
  return [readRoute(), changeRoute(), planRoute(), customerRoute()]
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/collection-settings',
    tag,
    summary: 'Read how invoices are collected',
    scope: 'billing:read',
    replies: { 200: settingsReply },
    handle: async ({ tx, caller }) => ({
      status: 200,
      body: toReply(await environmentSettings(tx, caller.envId)),
    }),
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/collection-settings',
    tag,
    summary: 'Change how invoices are collected',
    description: 'What is left out stays as it is.',
    scope: 'billing:write',
    body: z.strictObject({
      collection: modeField.optional(),
      retryAfterDays: daysField.optional(),
    }),
    replies: { 200: settingsReply },
    async handle({ tx, caller, body }) {
      const { envId } = caller
      if (body.collection)
        await upsertMode(tx, envId, { level: 'environment', subject: '' }, body.collection)
      if (body.retryAfterDays) await upsertRetryDays(tx, envId, body.retryAfterDays)
      return { status: 200, body: toReply(await environmentSettings(tx, envId)) }
    },
  })
}

function planRoute(): Route {
  return route({
    method: 'PUT',
    path: '/api/v1/plans/:plan/collection',
    tag,
    summary: 'Set how the invoices of a plan are collected',
    scope: 'billing:write',
    params: z.object({ plan: textField(100) }),
    body: z.strictObject({ collection: ownModeField }),
    replies: { 200: ownReply },
    failures: [planFailures.unknown],
    async handle({ tx, caller, params, body }) {
      const { id: subject } = await findPlan(tx, caller.envId, params.plan)
      await upsertMode(tx, caller.envId, { level: 'plan', subject }, body.collection)
      return { status: 200, body }
    },
  })
}

function customerRoute(): Route {
  return route({
    method: 'PUT',
    path: '/api/v1/customers/:customerId/collection',
    tag,
    summary: 'Set how the invoices of a customer are collected',
    description: 'Goes before what the plan and the environment say.',
    scope: 'billing:write',
    params: z.object({ customerId: customerIdField }),
    body: z.strictObject({ collection: ownModeField }),
    replies: { 200: ownReply },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params, body }) {
      const { customer: subject } = await getCustomer(tx, caller.envId, params.customerId)
      await upsertMode(tx, caller.envId, { level: 'customer', subject }, body.collection)
      return { status: 200, body }
    },
  })
}

function toReply({ mode, retryAfterDays }: CollectionSettings): z.input<typeof settingsReply> {
  return { collection: mode, retryAfterDays: [...retryAfterDays] }
}
