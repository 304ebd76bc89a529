import { z } from 'zod'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { PublicPlace } from '../identity/origins.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { customerIdField, instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { createLink, EXPIRES_S_MAX, endLinks, openLinks, PORTAL_PATH } from './portal-links.ts'
import { decideSettings, type PortalSettings, plansOf, portalSettings } from './portal-settings.ts'

const params = z.object({ customerId: customerIdField })
const PLANS_MAX = 50
const RETURN_URL_MAX = 2_000

const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(RETURN_URL_MAX)
  .meta({ description: 'Where the page leads back to', example: 'https://cloudai.example/account' })

/** What the organization does: links, and what the portal is like. */
export function linksRoutes(deps: { place(): PublicPlace }): Route[] {
  return [createRoute(deps), listRoute(), endRoute(), settingsRoute(), changeSettingsRoute()]
}

function createRoute({ place }: { place(): PublicPlace }): Route {
  return route({
    method: 'POST',
    path: '/api/v1/customers/:customerId/portal-links',
    tag: 'Portal',
    summary: 'Make a link with which a customer sees its usage, bills and credits',
    description:
      'Give `url` to the customer and nobody else: whoever has it is let in until it expires. It is shown once. What stands behind its `#` is sent to no server by a browser that only follows it.',
    scope: 'billing:write',
    params,
    body: z.strictObject({
      expiresInSeconds: z.number().int().min(60).max(EXPIRES_S_MAX).default(EXPIRES_S_MAX),
      returnUrl: webAddress.nullable().default(null),
      allowPlanChange: z.boolean().default(true).meta({
        description:
          'False: not even to the plans that the settings of the portal let customers choose',
      }),
    }),
    replies: { 201: z.object({ id: z.string(), url: z.string(), expiresAt: instantText }) },
    failures: [customerFailures.unknown, failures.rootHasNone],
    async handle({ tx, caller, params, body, systemNow }) {
      const { expiresInSeconds, returnUrl, allowPlanChange: allowsPlanChange } = body
      const wanted = { customer: params.customerId, expiresInSeconds, returnUrl, allowsPlanChange }
      const { link, token } = await createLink(tx, caller.envId, wanted, systemNow)
      const url = `${place().origin}${PORTAL_PATH}#${token}`
      return { status: 201, body: { id: link.id, url, expiresAt: link.expiresAt.toISOString() } }
    },
  })
}

const linkReply = z
  .object({
    id: z.string(),
    createdAt: instantText,
    expiresAt: instantText,
    returnUrl: z.string().nullable(),
    allowPlanChange: z.boolean(),
  })
  .meta({ id: 'PortalLink' })

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/portal-links',
    tag: 'Portal',
    summary: 'List the links to the portal that a customer could open now, the newest first',
    description: 'At most 100, without their addresses: those are shown once.',
    scope: 'billing:read',
    params,
    replies: { 200: z.object({ data: z.array(linkReply) }) },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params, systemNow }) {
      const links = await openLinks(tx, caller.envId, params.customerId, systemNow)
      const data = links.map(({ id, returnUrl, allowsPlanChange, createdAt, expiresAt }) => ({
        ...{ id, returnUrl, allowPlanChange: allowsPlanChange },
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      }))
      return { status: 200, body: { data } }
    },
  })
}

function endRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/customers/:customerId/portal-links',
    tag: 'Portal',
    summary: 'End all links of a customer to the portal',
    description: 'Whoever has one open sees nothing more from their next click on.',
    scope: 'billing:write',
    params,
    replies: { 200: z.object({ ended: z.int() }) },
    failures: [customerFailures.unknown],
    handle: async ({ tx, caller, params, systemNow }) => ({
      status: 200,
      body: { ended: await endLinks(tx, caller.envId, params.customerId, systemNow) },
    }),
  })
}

const settingsReply = z
  .object({
    accentColor: z.string().nullable(),
    plans: z
      .array(z.string())
      .meta({ description: 'Keys of the plans that customers may change to by themselves' }),
  })
  .meta({ id: 'PortalSettings' })

function settingsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/settings/portal',
    tag: 'Settings',
    summary: 'Read what the portal is like',
    scope: 'billing:read',
    replies: { 200: settingsReply },
    handle: async ({ tx, caller }) => ({
      status: 200,
      body: await settingsToReply(tx, caller.envId, await portalSettings(tx, caller.envId)),
    }),
  })
}

function changeSettingsRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/settings/portal',
    tag: 'Settings',
    summary: 'Change what the portal is like',
    description:
      'What is not sent stays. Name and logo are those of the invoices. A customer changes by itself only between plans that are named here.',
    scope: 'billing:write',
    body: z.strictObject({
      accentColor: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'send a colour such as "#3b5bdb"')
        .nullable()
        .optional(),
      plans: z.array(textField(100)).max(PLANS_MAX).optional().meta({
        description: 'Ids or keys, in the order in which they are shown; [] for none',
      }),
    }),
    replies: { 200: settingsReply },
    failures: [planFailures.unknown, planFailures.archived],
    async handle({ tx, caller, body, now }) {
      const { accentColor, plans } = body
      const changes = {
        ...(accentColor === undefined ? {} : { accentColor: accentColor?.toLowerCase() ?? null }),
        ...(plans === undefined ? {} : { plans }),
      }
      const settings = await decideSettings(tx, caller.envId, changes, now)
      return { status: 200, body: await settingsToReply(tx, caller.envId, settings) }
    },
  })
}

async function settingsToReply(tx: Tx, envId: number, settings: PortalSettings) {
  const plans = await plansOf(tx, envId, settings)
  return { accentColor: settings.accentColor, plans: plans.map(({ key }) => key) }
}
