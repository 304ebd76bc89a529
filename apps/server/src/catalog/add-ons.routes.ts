import { formatMinor, isCurrency } from '@usageflow/pricing'
import { z } from 'zod'
import { decimalField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { newId } from '../platform/id.ts'
import { type AddOn, RECURRING } from './add-on.ts'
import { failures } from './add-on-failures.ts'
import { insertAddOn, selectAddOnPage } from './add-ons.store.ts'
import { amountOf } from './amount.ts'
import { getAddOn } from './find-add-on.ts'
import { findTaxRates } from './find-tax-rate.ts'
import { updateArchivedAt } from './keyed.store.ts'
import { failures as planFailures } from './plan-failures.ts'
import { taxRateRef } from './price-fields.ts'
import { failures as taxRateFailures } from './tax-rate-failures.ts'

const addOnReply = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    currency: z.string(),
    amount: z.string(),
    amountMinor: z.string(),
    recurring: z.enum(RECURRING),
    taxRate: z.string().nullable().meta({ description: 'Id of the rate' }),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'AddOn' })

const params = z.object({ addOn: textField(100).meta({ description: 'Id or key' }) })

export function addOnsRoutes(): Route[] {
  return [createRoute(), listRoute(), readRoute(), archiveRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/add-ons',
    tag: 'Add-ons',
    summary: 'Make an add-on',
    description: 'Something that a subscription can have beside its plan. It never changes.',
    scope: 'catalog:write',
    body: z.strictObject({
      key: z
        .string()
        .regex(
          /^(?!aon_)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
          'letters, digits, dots, dashes; no aon_…',
        )
        .meta({ example: 'priority-support' }),
      name: textField(200),
      currency: z.string().length(3).meta({ description: 'ISO 4217', example: 'USD' }),
      amount: decimalField.meta({ description: 'Of one, in the major unit', example: '20' }),
      recurring: z
        .enum(RECURRING)
        .meta({ description: 'For every period while it is there, or once' }),
      taxRate: taxRateRef.nullable().default(null),
    }),
    replies: { 201: addOnReply },
    failures: [
      failures.keyTaken,
      planFailures.amountImpossible,
      planFailures.currencyUnknown,
      taxRateFailures.unknown,
      taxRateFailures.archived,
    ],
    async handle({ tx, caller, body, now }) {
      const { key, name, currency, recurring, taxRate } = body
      if (!isCurrency(currency)) throw planFailures.currencyUnknown(currency)
      const rates = await findTaxRates(tx, caller.envId, taxRate === null ? [] : [taxRate])
      const addOn: AddOn = {
        ...{ id: newId('aon'), key, name, currency, recurring },
        amountMinor: amountOf(body.amount, currency),
        taxRateId: rates.get(taxRate ?? '')?.id ?? null,
        createdAt: now,
        archivedAt: null,
      }
      if (!(await insertAddOn(tx, caller.envId, addOn))) throw failures.keyTaken(key)
      return { status: 201, body: toReply(addOn) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/add-ons',
    tag: 'Add-ons',
    summary: 'List add-ons',
    scope: 'catalog:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(addOnReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectAddOnPage(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ key }) => [key])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/add-ons/:addOn',
    tag: 'Add-ons',
    summary: 'Read an add-on',
    scope: 'catalog:read',
    params,
    replies: { 200: addOnReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getAddOn(tx, caller.envId, params.addOn)),
    }),
  })
}

function archiveRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/add-ons/:addOn/archive',
    tag: 'Add-ons',
    summary: 'Archive an add-on',
    description: 'No subscription gets it any more; those that have it keep it.',
    scope: 'catalog:write',
    params,
    replies: { 200: addOnReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params, now }) {
      const { id } = await getAddOn(tx, caller.envId, params.addOn)
      await updateArchivedAt(tx, caller.envId, { table: 'add_ons', id }, now)
      return { status: 200, body: toReply(await getAddOn(tx, caller.envId, id)) }
    },
  })
}

function toReply(addOn: AddOn): z.input<typeof addOnReply> {
  const { id, key, name, currency, amountMinor, recurring } = addOn
  return {
    ...{ id, key, name, currency, recurring },
    amount: formatMinor(amountMinor, currency),
    amountMinor: String(amountMinor),
    taxRate: addOn.taxRateId,
    createdAt: addOn.createdAt.toISOString(),
    archivedAt: addOn.archivedAt?.toISOString() ?? null,
  }
}
