import { decimal, wholeDecimal, ZERO } from '@usageflow/pricing'
import { z } from 'zod'
import { findMeter } from '../catalog/find-meter.ts'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import {
  customerIdField,
  decimalField,
  instantField,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import {
  decodeCursor,
  decodeTimeCursor,
  failures as pageFailures,
  pageFrom,
} from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type Balance, balancesOf, type UnsettledUse } from './balance.ts'
import type { Asset } from './credit.ts'
import { creditListRoutes } from './credit-lists.routes.ts'
import {
  amountReply,
  assetReply,
  creditReply,
  entryReply,
  entryToReply,
  toReply,
} from './credit-reply.ts'
import { selectEntries } from './entries.store.ts'
import { failures } from './failures.ts'
import { getGrant, grantCredits, voidGrant } from './grant-credits.ts'
import { selectGrantPage } from './grants.store.ts'
import { holdRoutes } from './holds.routes.ts'

export type CreditsDeps = { readonly unsettledUse: UnsettledUse }

const METERS_MAX = 100
const PRIORITY_MAX = 1_000
const PRIORITY = 100
const ENTRY_NO_MAX = 2_147_483_647

const customerParams = z.object({ customerId: customerIdField })
const creditParams = z.object({ creditId: textField(100) })

const grantBody = z.strictObject({
  meter: textField(100).optional().meta({ description: 'Id or key: grants `units` of it' }),
  units: decimalField.optional(),
  amountMinor: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'send a whole number above 0 as a string')
    .optional()
    .meta({ description: 'Money, in minor units of `currency`', example: '10000' }),
  currency: z.string().length(3).optional().meta({ description: 'ISO 4217', example: 'USD' }),
  meters: z
    .array(textField(100))
    .min(1)
    .max(METERS_MAX)
    .optional()
    .meta({ description: 'What money may pay for; everything when left out' }),
  validFrom: instantField.optional(),
  validTo: instantField.nullable().default(null),
  priority: z
    .number()
    .int()
    .min(0)
    .max(PRIORITY_MAX)
    .default(PRIORITY)
    .meta({ description: 'The least is used first' }),
  isPromotional: z.boolean().default(false),
  lowAt: decimalField.nullable().default(null).meta({
    description: '`credits.low` is told when no more than this is left: units or minor units',
  }),
  name: textField(200, 0).default(''),
})

const amountText = z.string().optional()
const balanceReply = z
  .object({
    customerId: z.string(),
    balances: z.array(
      z.object({
        kind: z.enum(['units', 'money']),
        meterId: z.string().nullable(),
        currency: z.string().nullable(),
        meterIds: z.array(z.string()).nullable(),
        left: z.object({ units: amountText, amountMinor: amountText }),
        unsettled: z.object({ units: amountText, amountMinor: amountText }),
        held: z.object({ units: amountText, amountMinor: amountText }),
        available: z.object({ units: amountText, amountMinor: amountText }),
      }),
    ),
  })
  .meta({ id: 'CreditBalance' })

export function creditsRoutes(deps: CreditsDeps): Route[] {
  return [
    grantRoute(),
    listRoute(),
    balanceRoute(deps),
    ledgerRoute(),
    voidRoute(),
    ...creditListRoutes(),
    ...holdRoutes(deps),
  ]
}

function grantRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/customers/:customerId/credits',
    tag: 'Credits',
    summary: 'Grant credits to a customer',
    description:
      'Either `units` of a `meter`, which pay for units beyond the included ones, or `amountMinor` of a `currency`. Promotional money lowers an invoice before tax; other money pays it.',
    scope: 'billing:write',
    params: customerParams,
    body: grantBody,
    replies: { 201: creditReply },
    failures: [
      customerFailures.unknown,
      meterFailures.unknown,
      failures.meterUnsuitable,
      failures.currencyUnknown,
      failures.amountImpossible,
      failures.endsBeforeStart,
    ],
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      await getCustomer(tx, caller.envId, params.customerId)
      const grant = {
        ...(await askedFor(tx, caller.envId, body)),
        customer: params.customerId,
        from: body.validFrom ?? now,
        to: body.validTo,
        priority: body.priority,
        isPromotional: body.isPromotional,
        lowAt: body.lowAt === null ? null : decimal(body.lowAt),
        source: 'manual' as const,
        name: body.name,
        cycle: null,
      }
      return { status: 201, body: toReply(await grantCredits(tx, caller.envId, grant, now)) }
    },
  })
}

/** What is granted, the meters by their ids. */
async function askedFor(tx: Tx, envId: number, body: z.output<typeof grantBody>) {
  const { meter, units, amountMinor, currency, meters } = body
  const isUnits = meter !== undefined && units !== undefined
  const isMoney = amountMinor !== undefined && currency !== undefined
  const isMixed = [amountMinor, currency, meters].some((field) => field !== undefined)
  if (isUnits && !isMixed) {
    const { id: meterId } = await findMeter(tx, envId, meter)
    const asset: Asset = { kind: 'units', meterId }
    return { asset, amount: decimal(units) }
  }
  if (!isMoney || meter !== undefined || units !== undefined)
    throw failures.amountImpossible('send `meter` and `units`, or `amountMinor` and `currency`')
  const found = await Promise.all((meters ?? []).map((ref) => findMeter(tx, envId, ref)))
  const meterIds = meters ? found.map(({ id }) => id) : null
  const asset: Asset = { kind: 'money', currency, meterIds }
  return { asset, amount: wholeDecimal(BigInt(amountMinor)) }
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/credits',
    tag: 'Credits',
    summary: 'List what a customer was granted, the newest first',
    scope: 'billing:read',
    params: customerParams,
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(creditReply) },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params, query }) {
      await getCustomer(tx, caller.envId, params.customerId)
      const rows = await selectGrantPage(tx, caller.envId, {
        customer: params.customerId,
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
      })
      const page = pageFrom(rows, query.limit, ({ grantedAt, id }) => [grantedAt.toISOString(), id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function balanceRoute({ unsettledUse }: CreditsDeps): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/credit-balance',
    tag: 'Credits',
    summary: 'Read what a customer has now',
    description:
      'What is left of the grants that are valid now, what usage that is not invoiced yet will take of it, what holds keep, and what is free.',
    scope: 'billing:read',
    params: customerParams,
    replies: { 200: balanceReply },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const { customerId } = params
      await getCustomer(tx, caller.envId, customerId)
      const asked = { customer: customerId, unsettledUse }
      const balances = await balancesOf(tx, caller.envId, asked, now)
      return { status: 200, body: { customerId, balances: balances.map(balanceToReply) } }
    },
  })
}

function balanceToReply({ asset, left, unsettled, held, available }: Balance) {
  return {
    ...assetReply(asset),
    left: amountReply(asset, left),
    unsettled: amountReply(asset, unsettled),
    held: amountReply(asset, asset.kind === 'units' ? held : ZERO),
    available: amountReply(asset, available),
  }
}

function ledgerRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/credits/:creditId/entries',
    tag: 'Credits',
    summary: 'Read the ledger of a grant, the first entry first',
    scope: 'billing:read',
    params: creditParams,
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(entryReply) },
    failures: [failures.unknown],
    async handle({ tx, caller, params, query }) {
      const { id, asset } = await getGrant(tx, caller.envId, params.creditId)
      const after = query.cursor ? entryNoOf(query.cursor) : 0
      const page = { grantId: id, after, limit: query.limit + 1 }
      const rows = await selectEntries(tx, caller.envId, page)
      const shown = pageFrom(rows, query.limit, ({ entryNo }) => [String(entryNo)])
      const data = shown.data.map((entry) => entryToReply(asset, entry))
      return { status: 200, body: { ...shown, data } }
    },
  })
}

function entryNoOf(cursor: string): number {
  const [text = ''] = decodeCursor(cursor, 1)
  const no = /^\d{1,10}$/.test(text) ? Number(text) : ENTRY_NO_MAX + 1
  if (no > ENTRY_NO_MAX) throw pageFailures.cursorMalformed()
  return no
}

function voidRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/credits/:creditId/void',
    tag: 'Credits',
    summary: 'Take back what is left of a grant',
    description:
      'What it has paid for stays paid. Usage that is not invoiced yet is no longer paid by it.',
    scope: 'billing:write',
    params: creditParams,
    replies: { 200: creditReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const grant = await voidGrant(tx, caller.envId, params.creditId, now)
      return { status: 200, body: toReply(grant) }
    },
  })
}
