import type { Decimal } from '@usageflow/pricing'
import { z } from 'zod'
import { metersById } from '../catalog/find-meter.ts'
import type { Meter } from '../catalog/meter.ts'
import { balancesOf, type UnsettledUse } from '../credits/balance.ts'
import { type Asset, ENTRY_KINDS } from '../credits/credit.ts'
import { amountReply } from '../credits/credit-reply.ts'
import { grantsOf, ledgerOf } from '../credits/credits-of.ts'
import { failures as creditFailures } from '../credits/failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { visitRoute } from '../platform/http/portal-route.ts'
import type { Route } from '../platform/http/route.ts'

const ENTRIES_MAX = 200

type Deps = { readonly unsettledUse: UnsettledUse }

/** What was granted, and what is left of it. */
export function creditsRoutes(deps: Deps): Route[] {
  return [balanceRoute(deps), listRoute(), ledgerRoute()]
}

const amount = z
  .object({ units: z.string().optional(), amountMinor: z.string().optional() })
  .meta({ description: '`units`, or `amountMinor` of money' })

const assetFields = {
  kind: z.enum(['units', 'money']),
  meter: z.string().nullable().meta({ description: 'Name of what the units are of' }),
  unit: z.string().nullable(),
  currency: z.string().nullable(),
}

function balanceRoute({ unsettledUse }: Deps): Route {
  return visitRoute({
    path: '/api/portal/v1/credit-balance',
    summary: 'Read what credits the customer has now',
    replies: {
      200: z.object({
        data: z.array(z.object({ ...assetFields, left: amount, available: amount })),
      }),
    },
    async handle({ tx, visitor: { envId, customer }, now }) {
      const balances = await balancesOf(tx, envId, { customer, unsettledUse }, now)
      const name = await namesOf(tx, envId, balances)
      const data = balances.map(({ asset, left, available }) => ({
        ...name(asset),
        left: amountReply(asset, left),
        available: amountReply(asset, available),
      }))
      return { status: 200, body: { data } }
    },
  })
}

function listRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/credits',
    summary: 'List what the customer was granted, the newest first',
    query: z.strictObject(pageQuery),
    replies: {
      200: pageOf(
        z.object({
          ...{ id: z.string(), name: z.string() },
          ...assetFields,
          ...{ granted: amount, left: amount },
          grantedAt: instantText,
          validTo: instantText.nullable(),
          isVoid: z.boolean(),
        }),
      ),
    },
    async handle({ tx, visitor: { envId, customer }, query }) {
      const before = query.cursor ? decodeTimeCursor(query.cursor) : null
      const rows = await grantsOf(tx, envId, { customer, limit: query.limit + 1, before })
      const page = pageFrom(rows, query.limit, ({ grantedAt, id }) => [grantedAt.toISOString(), id])
      const name = await namesOf(tx, envId, page.data)
      const data = page.data.map(({ id, asset, ...grant }) => ({
        ...{ id, name: grant.name },
        ...name(asset),
        granted: amountReply(asset, grant.amount),
        left: amountReply(asset, grant.left),
        grantedAt: grant.grantedAt.toISOString(),
        validTo: grant.to?.toISOString() ?? null,
        isVoid: grant.voidedAt !== null,
      }))
      return { status: 200, body: { ...page, data } }
    },
  })
}

function ledgerRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/credits/:creditId/entries',
    summary: 'Read what became of a grant, the first entry first',
    description: 'At most 200 entries.',
    params: z.object({ creditId: textField(100) }),
    replies: {
      200: z.object({
        data: z.array(
          z.object({ at: instantText, kind: z.enum(ENTRY_KINDS), amount, left: amount }),
        ),
      }),
    },
    failures: [creditFailures.unknown],
    async handle({ tx, visitor: { envId, customer }, params }) {
      const asked = { customer, grantId: params.creditId, after: 0, limit: ENTRIES_MAX }
      const { grant, entries } = await ledgerOf(tx, envId, asked)
      const of = (value: Decimal) => amountReply(grant.asset, value)
      const data = entries.map(({ at, kind, ...entry }) => ({
        ...{ at: at.toISOString(), kind },
        ...{ amount: of(entry.amount), left: of(entry.leftAfter) },
      }))
      return { status: 200, body: { data } }
    },
  })
}

/** What is granted, by the name of its meter instead of an id. */
async function namesOf(tx: Tx, envId: number, all: readonly { readonly asset: Asset }[]) {
  const ids = all.flatMap(({ asset }) => (asset.kind === 'units' ? [asset.meterId] : []))
  const meters: ReadonlyMap<string, Meter> =
    ids.length === 0 ? new Map() : await metersById(tx, envId, [...new Set(ids)])
  return (asset: Asset) => {
    const { kind } = asset
    if (kind === 'money') return { kind, meter: null, unit: null, currency: asset.currency }
    const meter = meters.get(asset.meterId)
    return { kind, meter: meter?.name ?? null, unit: meter?.unit ?? null, currency: null }
  }
}
