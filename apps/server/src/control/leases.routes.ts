import { parseRateLimit } from '@usageflow/policy'
import { z } from 'zod'
import { Failure } from '../platform/errors.ts'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { tag } from './control-fields.ts'
import { failures } from './lease-failures.ts'
import { type BalanceLender, createKnownBalances, lendLeases } from './lend-leases.ts'
import type { AskResult, SharedClock } from './lend-limits.ts'
import { applicationField } from './policies.routes.ts'

const ITEMS_MAX = 500
const UNITS_MAX = 1_000_000_000 // of a limit
const PATTERN_CHARACTERS_MAX = 600 // a method and a path

/** Random, so that no two processes and no two leases of one are called alike. */
const nameField = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'send 1 to 100 visible ASCII characters')

const policyLimit = z.strictObject({ policyId: textField(100), name: textField(100) })

const codeLimit = z
  .strictObject({
    pattern: textField(PATTERN_CHARACTERS_MAX).meta({ example: '/api/users/:id' }),
    limit: z.number().meta({ example: 1000 }),
    window: textField(20).meta({ example: '1h' }),
    algorithm: z.enum(['fixed_window', 'token_bucket', 'sliding_window']).default('fixed_window'),
  })
  .transform(({ pattern, ...options }, context) => {
    try {
      return { pattern, rate: parseRateLimit(options) }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      context.issues.push({ code: 'custom', input: options, message: error.message })
      return z.NEVER
    }
  })

/** Of a limit that is neither: the rule it breaks, rather than that it is neither. */
function whatIsWrong({ errors = [] }: { readonly errors?: unknown }): string {
  const issues = (errors as { code: string; message: string }[][]).flat()
  const rule = issues.find(({ code }) => code === 'custom')
  return (
    rule?.message ?? 'send `policyId` and `name`, or `pattern`, `limit`, `window` and `algorithm`'
  )
}

const item = {
  id: nameField.meta({ description: 'Of the lease; the same when the call is sent again' }),
  limit: z
    .union([policyLimit, codeLimit], { error: whatIsWrong })
    .meta({ description: 'Of a policy, or as it stands in the code of the application' }),
  identity: z
    .strictObject({ kind: z.enum(['customer', 'network']), id: textField(255) })
    .nullable()
    .meta({ description: 'Null: all together' }),
}

const settlementField = z.strictObject({
  ...item,
  used: z.int().min(0).max(UNITS_MAX).meta({ description: 'Units of the lease that are used' }),
})

const askField = z.strictObject({
  ...item,
  needed: z
    .int()
    .min(1)
    .max(UNITS_MAX)
    .meta({ description: 'Units that a waiting request takes: fewer are not lent' }),
})

const retryAfterMs = z
  .number()
  .nullable()
  .meta({ description: 'For the client; null: it is more than the limit' })

const resultReply = z.union([
  z
    .object({
      id: z.string(),
      units: z.number().meta({ description: 'Lent; 0 if nothing could be' }),
      lifeMs: z.number().meta({ description: 'From when the request was sent' }),
      retryAfterMs,
      askAgainMs: z.number().meta({ description: 'For the process; sooner nothing is to be had' }),
    })
    .meta({ id: 'Lease' }),
  z
    .object({
      id: z.string(),
      isAllowed: z.boolean(),
      remaining: z.number(),
      retryAfterMs,
      resetMs: z.number(),
    })
    .meta({ id: 'LimitDecision' }),
  z.object({ id: z.string(), error: z.object({ code: z.string(), message: z.string() }) }),
])

/** Where processes borrow what they may let through. */
export function leasesRoute(balances: BalanceLender, sharedClock?: SharedClock): Route {
  const known = createKnownBalances()
  return route({
    method: 'POST',
    path: '/api/v1/control/leases',
    tag,
    summary: 'Borrow slices of limits and balances, and give back what is left of them',
    description:
      'Settles first, then answers `ask` in its order: with a lease, or for a sliding window, which cannot be lent, with a decision. A limit that is not known is told in its place. What was sent before does nothing again, so send the same until it is answered.',
    scope: 'control:report',
    failures: [failures.limitUnknown],
    isRepeatable: true,
    body: z.strictObject({
      application: applicationField,
      holder: nameField.meta({ description: 'A random name of this process' }),
      settle: z.array(settlementField).max(ITEMS_MAX).refine(areApart, APART).default([]),
      ask: z.array(askField).max(ITEMS_MAX).refine(areApart, APART).default([]),
    }),
    replies: { 200: z.object({ results: z.array(resultReply) }).meta({ id: 'Leases' }) },
    prepare: ({ caller: { envId }, body, now }) =>
      balances.lookAhead(envId, known.ownersIn(envId, body), now),
    async handle({ tx, caller, body, prepared: lendBalances }) {
      const call = { ...body, lendBalances, known }
      const results = await lendLeases(tx, caller.envId, call, sharedClock)
      return {
        status: 200,
        body: { results: results.map((result, at) => toReply(result, body.ask[at]?.id)) },
      }
    },
  })
}

const APART = 'an id stands here twice'

function areApart(items: readonly { readonly id: string }[]): boolean {
  return new Set(items.map(({ id }) => id)).size === items.length
}

function toReply(result: AskResult, id: string | undefined) {
  if (!(result instanceof Failure)) return result
  return { id, error: { code: result.code, message: result.message } }
}
