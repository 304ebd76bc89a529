import { decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { customerIdField, decimalField, instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { UnsettledUse } from './balance.ts'
import { failures } from './failures.ts'
import { HOLD_MS_MAX, HOLD_STATUSES, type Hold } from './hold.ts'
import { commit, getHold, release, reserve } from './hold-credits.ts'

const HOLD_SECONDS = 15 * 60

const holdReply = z
  .object({
    id: z.string(),
    customerId: z.string(),
    meterId: z.string(),
    key: z.string().nullable(),
    units: z.string(),
    status: z.enum(HOLD_STATUSES),
    used: z.string().nullable().meta({ description: 'Units, once it is committed' }),
    createdAt: instantText,
    expiresAt: instantText,
    closedAt: instantText.nullable(),
  })
  .meta({ id: 'Hold' })

const params = z.object({ holdId: textField(100) })
const positiveUnits = decimalField.refine((units) => units !== '0', 'send more than 0')

export function holdRoutes(deps: { readonly unsettledUse: UnsettledUse }): Route[] {
  return [reserveRoute(deps), readRoute(), commitRoute(deps), releaseRoute()]
}

function reserveRoute({ unsettledUse }: { readonly unsettledUse: UnsettledUse }): Route {
  return route({
    method: 'POST',
    path: '/api/v1/holds',
    tag: 'Credits',
    summary: 'Keep units free for work under way',
    description:
      'Answers 409 when less is free. A `key` of yours makes the call repeatable: the same key gets the same hold, with 200.',
    scope: 'usage:write',
    isUsage: true,
    body: z.strictObject({
      customerId: customerIdField,
      meter: textField(100).meta({ description: 'Id or key' }),
      units: positiveUnits,
      key: textField(255).nullable().default(null),
      expiresInSeconds: z
        .number()
        .int()
        .min(1)
        .max(HOLD_MS_MAX / 1_000)
        .default(HOLD_SECONDS),
    }),
    replies: { 200: holdReply, 201: holdReply },
    failures: [
      customerFailures.unknown,
      meterFailures.unknown,
      failures.insufficient,
      failures.holdKeyReused,
    ],
    async handle({ tx, caller, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const wanted = {
        customer: body.customerId,
        meter: body.meter,
        units: decimal(body.units),
        key: body.key,
        forMs: body.expiresInSeconds * 1_000,
        unsettledUse,
      }
      const { hold, isNew } = await reserve(tx, caller.envId, wanted, now)
      return { status: isNew ? 201 : 200, body: toReply(hold) }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/holds/:holdId',
    tag: 'Credits',
    summary: 'Read a hold',
    scope: 'usage:read',
    params,
    replies: { 200: holdReply },
    failures: [failures.holdUnknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getHold(tx, caller.envId, params.holdId)),
    }),
  })
}

function commitRoute({ unsettledUse }: { readonly unsettledUse: UnsettledUse }): Route {
  return route({
    method: 'POST',
    path: '/api/v1/holds/:holdId/commit',
    tag: 'Credits',
    summary: 'Take what the work has used',
    description:
      'Less, as much as was held, or more as far as it is free. These units are used up by this call: send no event for them.',
    scope: 'usage:write',
    isUsage: true,
    params,
    body: z.strictObject({ units: decimalField }),
    replies: { 200: holdReply },
    failures: [failures.holdUnknown, failures.holdClosed, failures.insufficient],
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const done = { id: params.holdId, units: decimal(body.units), unsettledUse }
      return { status: 200, body: toReply(await commit(tx, caller.envId, done, now)) }
    },
  })
}

function releaseRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/holds/:holdId/release',
    tag: 'Credits',
    summary: 'Give the units free again',
    scope: 'usage:write',
    isUsage: true,
    params,
    replies: { 200: holdReply },
    failures: [failures.holdUnknown, failures.holdClosed],
    async handle({ tx, caller, params, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      return { status: 200, body: toReply(await release(tx, caller.envId, params.holdId, now)) }
    },
  })
}

function toReply({ customer, units, used, createdAt, expiresAt, closedAt, ...hold }: Hold) {
  return {
    ...hold,
    customerId: customer,
    units: formatDecimal(units),
    used: used === null ? null : formatDecimal(used),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  }
}
