import { z } from 'zod'
import { versionOf } from '../catalog/create-plan.ts'
import { findPlan, type NamedVersion, planVersion } from '../catalog/find-plan.ts'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { contentFailures, versionFields } from '../catalog/plans.routes.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { customerIdField, instantField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { type Amounts, type Simulated, simulate, sumOf } from './simulate.ts'

const CUSTOMERS_MAX = 1_000
const PAGE_MAX = 200
const VERSION_MAX = 2_147_483_647

const versionNumber = z.number().int().min(1).max(VERSION_MAX)
const ofPlan = { plan: textField(100).meta({ description: 'Id or key' }), version: versionNumber }

const bodyFields = z.strictObject({
  plan: z
    .union([z.strictObject(ofPlan), z.strictObject({ draft: z.strictObject(versionFields) })])
    .meta({
      description: 'A version of a plan, or the content of one that is not stored',
    }),
  customers: z.array(customerIdField).min(1).max(CUSTOMERS_MAX).optional(),
  on: z
    .strictObject({ plan: ofPlan.plan, version: versionNumber.optional() })
    .optional()
    .meta({ description: 'All who are on this plan, or on one version of it' }),
  from: instantField,
  to: instantField,
  limit: z.number().int().min(1).max(PAGE_MAX).default(PAGE_MAX),
  after: textField(100).optional(),
})

const amountsReply = z.object({
  subtotalMinor: z.string().meta({ description: 'Before discounts and tax' }),
  totalMinor: z.string(),
})

const simulationReply = z.object({
  data: z.array(
    z.object({
      customerId: z.string(),
      subscriptionId: z.string(),
      currency: z.string(),
      periods: z.number(),
      before: amountsReply.meta({ description: 'As it is sold' }),
      after: amountsReply.nullable().meta({ description: 'By the other plan' }),
      differenceMinor: z.string().nullable().meta({ description: 'Of the totals' }),
      refused: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
  sums: z
    .array(
      z.object({
        ...{ currency: z.string(), subscriptions: z.number() },
        ...{ before: amountsReply, after: amountsReply, differenceMinor: z.string() },
      }),
    )
    .meta({ description: 'Of this page, without who is refused' }),
  next: z.string().nullable().meta({ description: 'Send it as `after` for the next page' }),
})

export function simulationsRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/simulations',
      tag: 'Plans',
      summary: 'Say what customers would have been billed at other prices',
      description:
        'Computes the billed periods within `from` and `to` twice with all their usage: as they are sold, and by another version of a plan or a draft. Writes nothing. Repeat it with `after: next` until `next` is null.',
      scope: 'billing:read',
      body: bodyFields,
      replies: { 200: simulationReply },
      failures: [
        ...[failures.timeImpossible, failures.nobody, failures.cycleDiffers],
        ...[failures.currencyDiffers, planFailures.unknown, planFailures.versionUnknown],
        ...contentFailures,
      ],
      async handle({ tx, caller: { envId }, body, now }) {
        const { from, to, limit, after = '', customers = null } = body
        if (from >= to) throw failures.timeImpossible()
        const selection = { customers, ...(await planOf(tx, envId, body)) }
        const version = await versionFor(tx, envId, body, now)
        const wanted = { version, selection, from, to, limit, after }
        const { simulated, next } = await simulate(tx, envId, wanted)
        const body200 = { data: simulated.map(toReply), sums: sumsOf(simulated), next }
        return { status: 200, body: body200 }
      },
    }),
  ]
}

type Body = z.output<typeof bodyFields>

async function planOf(tx: Tx, envId: number, { on, customers }: Body) {
  if (on) return { planId: (await findPlan(tx, envId, on.plan)).id, version: on.version ?? null }
  if (!customers) throw failures.nobody()
  return { planId: null, version: null }
}

/** No stored version is numbered 0. */
async function versionFor(tx: Tx, envId: number, { plan }: Body, now: Date): Promise<NamedVersion> {
  if ('plan' in plan) return planVersion(tx, envId, plan)
  const ref = { planId: 'draft', version: 0 }
  return { ...(await versionOf(tx, envId, { ref, input: plan.draft }, now)), planName: 'Draft' }
}

function toReply(each: Simulated): z.input<typeof simulationReply>['data'][number] {
  const { customer, subscriptionId, currency, periods, before, after, refused } = each
  return {
    ...{ customerId: customer, subscriptionId, currency, periods },
    ...{ before: toAmounts(before), after: after && toAmounts(after) },
    differenceMinor: after && String(after.totalMinor - before.totalMinor),
    refused: refused && { code: refused.code, message: refused.message },
  }
}

function sumsOf(simulated: readonly Simulated[]) {
  const compared = simulated.flatMap(({ after, ...each }) => (after ? [{ ...each, after }] : []))
  const currencies = [...new Set(compared.map(({ currency }) => currency))]
  return currencies.map((currency) => {
    const mine = compared.filter((each) => each.currency === currency)
    const before = sumOf(mine.map((each) => each.before))
    const after = sumOf(mine.map((each) => each.after))
    return {
      ...{ currency, subscriptions: mine.length },
      ...{ before: toAmounts(before), after: toAmounts(after) },
      differenceMinor: String(after.totalMinor - before.totalMinor),
    }
  })
}

function toAmounts({ subtotalMinor, totalMinor }: Amounts) {
  return { subtotalMinor: String(subtotalMinor), totalMinor: String(totalMinor) }
}
