import { z } from 'zod'
import { getCustomer } from '../customers/declare-customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { customerIdField, pageOf, pageQuery } from '../platform/http/fields.ts'
import { decodeTimeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { SOURCES } from './credit.ts'
import {
  type CustomerEntry,
  type EntryPlace,
  GRANT_STATES,
  type GrantFilter,
  selectEntriesOfCustomer,
  selectGrantStates,
  selectTotalsLeft,
} from './credit-lists.store.ts'
import { amountReply, creditReply, entryReply, toReply } from './credit-reply.ts'
import { selectGrants } from './grants.store.ts'

const listQuery = z.strictObject({
  ...pageQuery,
  customerId: customerIdField.optional(),
  kind: z.enum(['units', 'money']).optional(),
  state: z.enum(GRANT_STATES).optional().meta({
    description:
      '`active`: something is left and may be used now; `upcoming`: from later on; `used_up`: nothing is left; `ended`: its time is over; `void`: taken back',
  }),
})

const listedReply = creditReply.extend({ state: z.enum(GRANT_STATES) }).meta({ id: 'ListedCredit' })

const totalReply = z.object({
  kind: z.enum(['units', 'money']),
  meterId: z.string().nullable(),
  currency: z.string().nullable(),
  left: z.object({ units: z.string().optional(), amountMinor: z.string().optional() }),
  grants: z.number(),
  customers: z.number(),
})

const customerEntryReply = entryReply
  .extend({
    creditId: z.string(),
    name: z.string(),
    source: z.enum(SOURCES),
    meterId: z.string().nullable(),
    currency: z.string().nullable(),
  })
  .meta({ id: 'CustomerCreditEntry' })

/** The credits of all customers, and all entries of one. */
export function creditListRoutes(): Route[] {
  return [listRoute(), totalsRoute(), customerLedgerRoute()]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/credits',
    tag: 'Credits',
    summary: 'List what all customers were granted, the newest first',
    scope: 'billing:read',
    query: listQuery,
    replies: { 200: pageOf(listedReply) },
    async handle({ tx, caller, query, systemNow }) {
      const filter: GrantFilter = {
        customer: query.customerId ?? null,
        kind: query.kind ?? null,
        state: query.state ?? null,
        at: await environmentNow(tx, caller.envId, systemNow),
      }
      const before = query.cursor ? decodeTimeCursor(query.cursor) : null
      const rows = await selectGrantStates(tx, caller.envId, filter, {
        limit: query.limit + 1,
        before,
      })
      const ids = rows.map(({ id }) => id)
      const found = await selectGrants(tx, caller.envId, ids)
      const byId = new Map(found.map((grant) => [grant.id, grant]))
      const listed = rows.flatMap(({ id, state }) => {
        const grant = byId.get(id)
        return grant ? [{ grant, state }] : []
      })
      const page = pageFrom(listed, query.limit, ({ grant }) => [
        grant.grantedAt.toISOString(),
        grant.id,
      ])
      const data = page.data.map(({ grant, state }) => ({ ...toReply(grant), state }))
      return { status: 200, body: { ...page, data } }
    },
  })
}

function totalsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/credits/totals',
    tag: 'Credits',
    summary: 'Read what all customers together have left',
    description:
      'Of the grants that are active now, by their ledgers: units of each meter, and money of each currency. What usage that is not invoiced yet will take is not off.',
    scope: 'billing:read',
    replies: { 200: z.object({ data: z.array(totalReply) }) },
    async handle({ tx, caller, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const totals = await selectTotalsLeft(tx, caller.envId, now)
      const data = totals.map(({ kind, meterId, currency, left, grants, customers }) => ({
        ...{ kind, meterId, currency },
        left: amountReply({ kind }, left),
        grants: Number(grants), // tidy: not money — a count
        customers: Number(customers), // tidy: not money — a count
      }))
      return { status: 200, body: { data } }
    },
  })
}

function customerLedgerRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/credit-entries',
    tag: 'Credits',
    summary: 'Read the ledger of a customer, the newest entry first',
    description: 'What was granted, used, given back and taken back, of all its grants.',
    scope: 'billing:read',
    params: z.object({ customerId: customerIdField }),
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(customerEntryReply) },
    failures: [customerFailures.unknown, pageFailures.cursorMalformed],
    async handle({ tx, caller, params, query }) {
      await getCustomer(tx, caller.envId, params.customerId)
      const before = query.cursor ? placeOf(query.cursor) : null
      const page = { limit: query.limit + 1, before }
      const entries = await selectEntriesOfCustomer(tx, caller.envId, params.customerId, page)
      const shown = pageFrom(entries, query.limit, ({ at, grantId, entryNo }) => [
        at.toISOString(),
        `${grantId} ${entryNo}`,
      ])
      return { status: 200, body: { ...shown, data: shown.data.map(toEntry) } }
    },
  })
}

/** The entries of one grant at one instant have numbers of their own. */
function placeOf(cursor: string): EntryPlace {
  const [at, entry] = decodeTimeCursor(cursor)
  const [grantId = '', entryNo = ''] = entry.split(' ')
  if (!/^\d{1,9}$/.test(entryNo)) throw pageFailures.cursorMalformed()
  return [at, grantId, entryNo]
}

function toEntry(entry: CustomerEntry) {
  const asset = { kind: entry.assetKind }
  return {
    entryNo: entry.entryNo,
    kind: entry.kind,
    amount: amountReply(asset, entry.amount),
    left: amountReply(asset, entry.leftAfter),
    invoiceId: entry.invoiceId,
    holdId: entry.holdId,
    at: entry.at.toISOString(),
    creditId: entry.grantId,
    name: entry.grantName,
    source: entry.source as (typeof SOURCES)[number], // a check of the table
    ...{ meterId: entry.meterId, currency: entry.currency },
  }
}
