import { z } from 'zod'
import { contactOf } from '../customers/contact.ts'
import type { PublicPlace } from '../identity/origins.ts'
import type { Database } from '../platform/db/database.ts'
import { instantText } from '../platform/http/fields.ts'
import { entryRoute, visitRoute } from '../platform/http/portal-route.ts'
import type { Route } from '../platform/http/route.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { imageAddress } from '../settings/logo.ts'
import { failures } from './failures.ts'
import { portalSettings } from './portal-settings.ts'
import { assertMayOpen, cookieFor, openLink } from './visit.ts'

type Deps = { readonly db: Database; place(): PublicPlace }

/** How one gets in, and who is here. */
export function visitRoutes(deps: Deps): Route[] {
  return [openRoute(deps), summaryRoute(), logoRoute()]
}

const TOKEN_LENGTH_MAX = 200

function openRoute({ db, place }: Deps): Route {
  return entryRoute({
    path: '/api/portal/v1/open',
    summary: 'Open a link to the portal',
    description:
      'Takes what stands behind the `#` of the link, and sets a cookie that is sent to the routes of the portal alone. Those want `link` in the header `UsageFlow-Portal` besides. A link may be opened as often as one likes until it expires.',
    body: z.strictObject({ token: z.string().min(1).max(TOKEN_LENGTH_MAX) }),
    replies: { 200: z.object({ link: z.string(), expiresAt: instantText }) },
    failures: [failures.linkRefused],
    prepare: ({ address, systemNow }) => assertMayOpen(db, address, systemNow),
    async handle({ tx, body: { token }, systemNow }) {
      const visitor = await openLink(tx, token, systemNow)
      return {
        status: 200,
        body: { link: visitor.linkId, expiresAt: visitor.expiresAt.toISOString() },
        headers: { 'set-cookie': cookieFor(visitor, token, { place: place(), systemNow }) },
      }
    },
  })
}

const summaryReply = z
  .object({
    customer: z.object({
      name: z.string().nullable().meta({ description: 'Null: it was given none' }),
    }),
    organization: z.object({
      name: z.string(),
      email: z.string().nullable(),
      accentColor: z.string().nullable(),
      hasLogo: z.boolean(),
    }),
    language: z.string().meta({ description: 'A language tag: how figures and days are written' }),
    timeZone: z.string(),
    isTest: z.boolean().meta({ description: 'Nothing of it is charged in earnest' }),
    now: instantText,
    expiresAt: instantText.meta({ description: 'When the link ends, in real time' }),
    returnUrl: z.string().nullable(),
  })
  .meta({ id: 'PortalSummary' })

function summaryRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/summary',
    summary: 'Read whose portal this is',
    replies: { 200: summaryReply },
    async handle({ tx, visitor, now }) {
      const { envId, customer, expiresAt, returnUrl, mode } = visitor
      const contact = await contactOf(tx, envId, customer)
      const settings = await billingSettings(tx, envId)
      const { accentColor } = await portalSettings(tx, envId)
      const { sellerName: name, email, logo, timeZone } = settings
      return {
        status: 200,
        body: {
          customer: { name: contact.name || null },
          organization: { name, email, accentColor, hasLogo: logo !== null },
          language: contact.language ?? settings.language,
          ...{ timeZone, isTest: mode === 'test', returnUrl },
          now: now.toISOString(),
          expiresAt: expiresAt.toISOString(),
        },
      }
    },
  })
}

function logoRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/logo',
    summary: "Read the organization's logo",
    replies: {
      200: z.object({
        image: z.string().nullable().meta({ description: 'An address of the kind `data:`' }),
      }),
    },
    async handle({ tx, visitor }) {
      const { logo } = await billingSettings(tx, visitor.envId)
      return { status: 200, body: { image: imageAddress(logo) } }
    },
  })
}
