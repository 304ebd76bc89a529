import { decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import type { Tx } from '../platform/db/transaction.ts'
import { decimalField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { newId } from '../platform/id.ts'
import { updateArchivedAt } from './keyed.store.ts'
import type { TaxRate } from './tax-rate.ts'
import { failures } from './tax-rate-failures.ts'
import { insertTaxRate, selectTaxRatePage, selectTaxRates } from './tax-rates.store.ts'

const PERCENT_MAX = decimal('1000')

const taxRateReply = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    percent: z.string(),
    inclusive: z.boolean(),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'TaxRate' })

const params = z.object({ taxRate: textField(100).meta({ description: 'Id or key' }) })

const keyField = z
  .string()
  .regex(/^(?!txr_)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, dots, dashes; no txr_…')
  .meta({ example: 'vat-19' })

export function taxRatesRoutes(): Route[] {
  return [createRoute(), listRoute(), readRoute(), archiveRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/tax-rates',
    tag: 'Tax rates',
    summary: 'Make a rate of tax',
    description: 'It never changes: what is taxed otherwise has another rate.',
    scope: 'catalog:write',
    body: z.strictObject({
      key: keyField,
      name: textField(200),
      percent: decimalField
        .refine((percent) => decimal(percent) <= PERCENT_MAX, 'must be 1000 at most')
        .meta({ example: '19' }),
      inclusive: z
        .boolean()
        .default(false)
        .meta({ description: 'Whether prices contain the tax; else it is added' }),
    }),
    replies: { 201: taxRateReply },
    failures: [failures.keyTaken],
    async handle({ tx, caller, body, now }) {
      const { key, name, inclusive: isInclusive } = body
      const percent = decimal(body.percent)
      const id = newId('txr')
      const rate = { id, key, name, percent, isInclusive, createdAt: now, archivedAt: null }
      if (!(await insertTaxRate(tx, caller.envId, rate))) throw failures.keyTaken(key)
      return { status: 201, body: toReply(rate) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/tax-rates',
    tag: 'Tax rates',
    summary: 'List rates of tax',
    scope: 'catalog:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(taxRateReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectTaxRatePage(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ key }) => [key])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/tax-rates/:taxRate',
    tag: 'Tax rates',
    summary: 'Read a rate of tax',
    scope: 'catalog:read',
    params,
    replies: { 200: taxRateReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getTaxRate(tx, caller.envId, params.taxRate)),
    }),
  })
}

function archiveRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/tax-rates/:taxRate/archive',
    tag: 'Tax rates',
    summary: 'Archive a rate of tax',
    description: 'Nothing new can name it; what is taxed by it goes on being so.',
    scope: 'catalog:write',
    params,
    replies: { 200: taxRateReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params, now }) {
      const { id } = await getTaxRate(tx, caller.envId, params.taxRate)
      await updateArchivedAt(tx, caller.envId, { table: 'tax_rates', id }, now)
      return { status: 200, body: toReply(await getTaxRate(tx, caller.envId, id)) }
    },
  })
}

async function getTaxRate(tx: Tx, envId: number, ref: string): Promise<TaxRate> {
  const [rate] = await selectTaxRates(tx, envId, [ref])
  if (!rate) throw failures.unknown(ref)
  return rate
}

function toReply(rate: TaxRate): z.input<typeof taxRateReply> {
  return {
    id: rate.id,
    key: rate.key,
    name: rate.name,
    percent: formatDecimal(rate.percent),
    inclusive: rate.isInclusive,
    createdAt: rate.createdAt.toISOString(),
    archivedAt: rate.archivedAt?.toISOString() ?? null,
  }
}
