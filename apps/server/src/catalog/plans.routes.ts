import { CYCLES, formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { decimalField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { RECURRING } from './add-on.ts'
import { addPlanVersion, archivePlan, createPlan, type WholePlan } from './create-plan.ts'
import { findPlan } from './find-plan.ts'
import type { Plan, PlanPrice, PlanVersion } from './plan.ts'
import { planCreditReply, planCreditsField, planCreditToJson } from './plan-credits.ts'
import { failures } from './plan-failures.ts'
import { selectPlans, selectVersionsOf } from './plans.store.ts'
import { fieldsOfPrice, priceFields, priceReply, taxRateRef } from './price-fields.ts'
import { failures as taxRateFailures } from './tax-rate-failures.ts'

const PRICES_MAX = 100
const GRACE_SECONDS_MAX = 31 * 24 * 60 * 60
const DAYS_MAX = 366
const GRACE_SECONDS = 60 * 60

const daysField = z.number().int().min(0).max(DAYS_MAX)

const flatFields = z.strictObject({
  name: textField(200),
  amount: decimalField.meta({ description: 'In the major unit', example: '20' }),
  recurring: z.enum(RECURRING).meta({ description: 'For every period, or with the first one' }),
  taxRate: taxRateRef.nullable().default(null),
})

/** The content of a version of a plan, as it is sent. */
export const versionFields = {
  currency: z.string().length(3).meta({ description: 'ISO 4217', example: 'USD' }),
  cycle: z.enum(CYCLES),
  basePrice: decimalField
    .default('0')
    .meta({ description: 'Of a whole period, in the major unit', example: '100' }),
  baseInAdvance: z.boolean().default(false),
  graceSeconds: z
    .number()
    .int()
    .min(0)
    .max(GRACE_SECONDS_MAX)
    .default(GRACE_SECONDS)
    .meta({ description: 'How long the end of a period waits for late events' }),
  prices: z.array(priceFields).max(PRICES_MAX).default([]),
  flatPrices: z.array(flatFields).max(PRICES_MAX).default([]),
  credits: planCreditsField.meta({ description: 'Granted anew for each period' }),
  minimum: decimalField
    .nullable()
    .default(null)
    .meta({ description: 'What a period costs at least, in the major unit' }),
  trialDays: daysField.default(0),
  netDays: daysField.default(0).meta({ description: 'From the invoice until it is due' }),
  taxRate: taxRateRef.nullable().default(null),
}

const keyField = z
  .string()
  .regex(/^(?!plan_)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, dots, dashes; no plan_…')
  .meta({ example: 'pro' })

const planReply = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
    versions: z
      .array(
        z.object({
          version: z.number(),
          currency: z.string(),
          cycle: z.enum(CYCLES),
          basePrice: z.string(),
          baseMinor: z.string(),
          baseInAdvance: z.boolean(),
          graceSeconds: z.number(),
          prices: z.array(priceReply),
          flatPrices: z.array(
            z.object({
              name: z.string(),
              amount: z.string(),
              amountMinor: z.string(),
              recurring: z.enum(RECURRING),
              taxRate: z.string().nullable().meta({ description: 'Id of the rate' }),
            }),
          ),
          credits: z.array(planCreditReply),
          minimum: z.string().nullable(),
          trialDays: z.number(),
          netDays: z.number(),
          taxRate: z.string().nullable().meta({ description: 'Id of the rate' }),
          createdAt: instantText,
        }),
      )
      .meta({ description: 'The newest first' }),
  })
  .meta({ id: 'Plan' })

const params = z.object({ plan: textField(100).meta({ description: 'Id or key' }) })
/** What can be wrong with the content of a version. */
export const contentFailures = [
  failures.currencyUnknown,
  failures.amountImpossible,
  failures.creditUnfit,
  failures.meterUnknown,
  failures.meterTwice,
  failures.priceUnfit,
  taxRateFailures.unknown,
  taxRateFailures.archived,
]

export function plansRoutes(): Route[] {
  return [createRoute(), versionRoute(), listRoute(), readRoute(), archiveRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/plans',
    tag: 'Plans',
    summary: 'Make a plan',
    scope: 'catalog:write',
    body: z.strictObject({ key: keyField, name: textField(200), ...versionFields }),
    replies: { 201: planReply },
    failures: [failures.keyTaken, ...contentFailures],
    handle: async ({ tx, caller, body, now }) => ({
      status: 201,
      body: toReply(await createPlan(tx, caller.envId, body, now)),
    }),
  })
}

function versionRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/plans/:plan/versions',
    tag: 'Plans',
    summary: 'Add a version to a plan',
    description: 'New subscriptions get it from now on; existing ones keep the version they have.',
    scope: 'catalog:write',
    params,
    body: z.strictObject({
      ...versionFields,
      basedOnVersion: z.number().int().min(1).max(2_147_483_647).optional().meta({
        description:
          'The newest version when this one was written: if there is a newer one by now, it is refused',
      }),
    }),
    replies: { 201: planReply },
    failures: [failures.unknown, failures.archived, failures.versionOutdated, ...contentFailures],
    async handle({ tx, caller, params, body, now }) {
      const { basedOnVersion, ...content } = body
      const added = { plan: params.plan, content, basedOnVersion }
      return { status: 201, body: toReply(await addPlanVersion(tx, caller.envId, added, now)) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/plans',
    tag: 'Plans',
    summary: 'List plans',
    scope: 'catalog:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(planReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectPlans(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ key }) => [key])
      const ids = page.data.map(({ id }) => id)
      const versions = await selectVersionsOf(tx, caller.envId, ids)
      return { status: 200, body: { ...page, data: page.data.map(withVersions(versions)) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/plans/:plan',
    tag: 'Plans',
    summary: 'Read a plan',
    scope: 'catalog:read',
    params,
    replies: { 200: planReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params }) {
      const plan = await findPlan(tx, caller.envId, params.plan)
      const versions = await selectVersionsOf(tx, caller.envId, [plan.id])
      return { status: 200, body: toReply({ ...plan, versions }) }
    },
  })
}

function archiveRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/plans/:plan/archive',
    tag: 'Plans',
    summary: 'Take a plan off sale',
    description: 'Nobody can subscribe to it any more; those who have subscribed keep it.',
    scope: 'catalog:write',
    params,
    replies: { 200: planReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params, now }) => ({
      status: 200,
      body: toReply(await archivePlan(tx, caller.envId, params.plan, now)),
    }),
  })
}

function withVersions(versions: readonly PlanVersion[]) {
  return (plan: Plan) =>
    toReply({ ...plan, versions: versions.filter(({ planId }) => planId === plan.id) })
}

function toReply({ versions, ...plan }: WholePlan) {
  return {
    ...plan,
    createdAt: plan.createdAt.toISOString(),
    archivedAt: plan.archivedAt?.toISOString() ?? null,
    versions: versions.map((version) => ({
      version: version.version,
      currency: version.currency,
      cycle: version.cycle,
      basePrice: formatMinor(version.baseMinor, version.currency),
      baseMinor: String(version.baseMinor),
      baseInAdvance: version.baseInAdvance,
      graceSeconds: version.graceSeconds,
      prices: version.prices.map(toPrice),
      flatPrices: version.flatPrices.map((flat) => ({
        name: flat.name,
        amount: formatMinor(flat.amountMinor, version.currency),
        amountMinor: String(flat.amountMinor),
        recurring: flat.recurring,
        taxRate: flat.taxRateId,
      })),
      credits: version.credits.map(planCreditToJson),
      minimum:
        version.minimumMinor === null ? null : formatMinor(version.minimumMinor, version.currency),
      trialDays: version.trialDays,
      netDays: version.netDays,
      taxRate: version.taxRateId,
      createdAt: version.createdAt.toISOString(),
    })),
  }
}

function toPrice({ meter, price, taxRateId }: PlanPrice): z.input<typeof priceReply> {
  return {
    ...fieldsOfPrice(price),
    meter: meter.key,
    meterId: meter.id,
    taxRate: taxRateId,
  } as z.input<typeof priceReply> // one of the union with the fields that all of it have
}
