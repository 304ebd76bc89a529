import { z } from 'zod'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type BillingSettings, DOCUMENT_LANGUAGES } from './billing-settings.ts'
import { billingSettings, decideSettings } from './decide-settings.ts'
import { failures } from './failures.ts'
import { imageAddress } from './logo.ts'

const LINES_MAX = 8
const LOGO_LENGTH_MAX = 360_000 // 256 KB as base64, and some room for the failure that says so
const lines = z.array(textField(200)).max(LINES_MAX)

const fields = {
  sellerName: textField(200).meta({
    description: 'Who sends the invoices',
    example: 'CloudAI, Inc.',
  }),
  sellerAddress: lines.meta({ description: 'Line by line' }),
  taxNumbers: lines,
  email: z.email().max(320).nullable(),
  language: z
    .enum(DOCUMENT_LANGUAGES)
    .meta({ description: 'Of customers who have none of their own' }),
  timeZone: textField(100).meta({ description: 'In which the days on documents are counted' }),
  numberPattern: textField(100).meta({
    description: 'With {number} or {number:6}, and if you like {year} and {month}',
    example: 'INV-{number:6}',
  }),
  creditNotePattern: textField(100).meta({
    description: 'The same for credit notes, which are numbered apart',
    example: 'CN-{number:6}',
  }),
  note: textField(1_000).nullable().meta({ description: 'Below the sums, like terms of payment' }),
}

const reply = z.object({ ...fields, hasLogo: z.boolean() }).meta({ id: 'BillingSettings' })

export function settingsRoutes(): Route[] {
  return [readRoute(), changeRoute(), logoRoute()]
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/settings/billing',
    tag: 'Settings',
    summary: 'Read what stands on every invoice',
    scope: 'billing:read',
    replies: { 200: reply },
    handle: async ({ tx, caller }) => ({
      status: 200,
      body: toReply(await billingSettings(tx, caller.envId)),
    }),
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/settings/billing',
    tag: 'Settings',
    summary: 'Change what stands on every invoice',
    description:
      'What is not sent stays. A number pattern holds for invoices that are finalized from now on.',
    scope: 'billing:write',
    body: z.strictObject({
      ...z.object(fields).partial().shape,
      logo: z
        .base64()
        .max(LOGO_LENGTH_MAX)
        .nullable()
        .optional()
        .meta({ description: 'A PNG or a JPEG of at most 256 KB, as base64; null removes it' }),
    }),
    replies: { 200: reply },
    failures: [failures.patternImpossible, failures.logoImpossible, failures.timeZoneUnknown],
    handle: async ({ tx, caller, body, now }) => {
      const { logo, ...rest } = body
      const given = Object.fromEntries(
        Object.entries(rest).filter(([, value]) => value !== undefined),
      )
      const changes: Partial<BillingSettings> = given
      const image =
        logo === undefined ? {} : { logo: logo === null ? null : Buffer.from(logo, 'base64') }
      const settings = await decideSettings(tx, caller.envId, { ...changes, ...image }, now)
      return { status: 200, body: toReply(settings) }
    },
  })
}

function logoRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/settings/billing/logo',
    tag: 'Settings',
    summary: 'Read the logo that stands on every invoice',
    scope: 'billing:read',
    replies: {
      200: z.object({
        image: z.string().nullable().meta({ description: 'An address of the kind `data:`' }),
      }),
    },
    async handle({ tx, caller }) {
      const { logo } = await billingSettings(tx, caller.envId)
      return { status: 200, body: { image: imageAddress(logo) } }
    },
  })
}

function toReply({ logo, ...settings }: BillingSettings) {
  return {
    ...settings,
    sellerAddress: [...settings.sellerAddress],
    taxNumbers: [...settings.taxNumbers],
    hasLogo: logo !== null,
  }
}
