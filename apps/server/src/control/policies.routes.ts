import { PERIODS } from '@usageflow/policy'
import { z } from 'zod'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { keyField, nameField, refField, tag } from './control-fields.ts'
import { STATUS_CLASSES } from './metering-rule.ts'
import { selectPolicyPage } from './policies.store.ts'
import { MODES, type Policy, SHARES, WITHOUT_ANSWER } from './policy.ts'
import { failures } from './policy-failures.ts'
import { archivePolicy, changePolicy, getPolicy, makePolicy } from './set-policy.ts'
import { failures as strategyFailures } from './strategy-failures.ts'

const LIMITS_MAX = 5
const RULES_MAX = 5
const PRIORITY_MAX = 1_000_000
const DEADLINE_MS = 50
const DEADLINE_MS_MAX = 1_000
const ALGORITHMS = ['fixed_window', 'token_bucket', 'sliding_window'] as const

export const applicationField = textField(100).meta({
  description: 'A service of yours, by the name that it gives itself',
  example: 'shop-api',
})

/** A limit, as it is answered; what is sent may leave things out. */
export const limitReply = z.union([
  z
    .object({
      name: z.string(),
      algorithm: z.enum(ALGORITHMS),
      limit: z.number(),
      window: z.string().optional(),
      period: z.enum(PERIODS).optional(),
      per: z.enum(SHARES),
    })
    .meta({ id: 'WindowLimit' }),
  z
    .object({
      name: z.string(),
      algorithm: z.literal('balance'),
      meter: z.string().meta({ description: 'Its key' }),
      unitsPerRequest: z.number(),
      planPays: z.boolean(),
      per: z.literal('identity'),
    })
    .meta({ id: 'BalanceLimit' }),
])

const limitField = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dots, dashes')
    .meta({ description: 'Clients are told it in `RateLimit-Policy`', example: 'hourly' }),
  algorithm: z
    .enum([...ALGORITHMS, 'balance'])
    .default('fixed_window')
    .meta({ description: '`balance`: what the customer may still use of a `meter`' }),
  limit: z
    .number()
    .optional()
    .meta({ description: 'Requests in a window; a balance has none', example: 100 }),
  window: textField(20)
    .optional()
    .meta({ description: '`30s`, `15m`, `1h`, `1d`; or give a `period`', example: '1h' }),
  period: z
    .enum(PERIODS)
    .optional()
    .meta({ description: 'A quota: of the calendar in UTC, in the place of a `window`' }),
  meter: textField(100).optional().meta({ description: 'Of a balance: id or key' }),
  unitsPerRequest: z
    .number()
    .optional()
    .meta({ description: 'Of a balance: what a request is held to take; 1 when left out' }),
  planPays: z.boolean().optional().meta({
    description:
      'Of a balance: a subscription that bills the meter pays for what credits do not cover; true when left out',
  }),
  per: z
    .enum(SHARES)
    .default('identity')
    .meta({ description: 'Each customer (or network) for itself, or all together' }),
})

const whenField = z.array(z.enum(STATUS_CLASSES)).min(1).max(STATUS_CLASSES.length)

/** A metering rule, as it is answered. */
const ruleReply = z.object({
  ...{ id: z.string(), event: z.string(), quantity: z.string() },
  when: z.array(z.enum(STATUS_CLASSES)),
})

const ruleField = z.strictObject({
  event: textField(100).meta({
    description: 'The name of the events, as meters read it',
    example: 'AI_TOKEN',
  }),
  quantity: z.string().min(1).default('usage_record.quantity').meta({
    description: 'An expression: how much usage a request is',
    example: 'response.body.usage.total_tokens * 2',
  }),
  when: whenField
    .default(['2xx', '3xx'])
    .meta({ description: 'Answers of which status are usage' }),
})

const fields = {
  name: nameField,
  application: applicationField.nullable().meta({ description: 'Null: every application' }),
  method: textField(32).meta({ description: '`*` for any', example: 'GET' }),
  url: textField(500).meta({
    description: '`*`, `/api/*` for all below, `/users/:id` where `:id` is one segment',
    example: '/api/*',
  }),
  priority: z
    .int()
    .min(-PRIORITY_MAX)
    .max(PRIORITY_MAX)
    .meta({ description: 'The higher comes first; among equals the more specific pattern' }),
  strategy: refField
    .nullable()
    .meta({ description: 'Id or key; null: callers are told apart by network' }),
  mode: z.enum(MODES).meta({ description: '`shadow` decides and lets everything through' }),
  withoutAnswer: z
    .enum(WITHOUT_ANSWER)
    .meta({ description: 'What becomes of a request when nothing was decided in time' }),
  deadlineMs: z
    .int()
    .min(1)
    .max(DEADLINE_MS_MAX)
    .meta({ description: 'How long a request waits for a decision at most' }),
  limits: z.array(limitField).max(LIMITS_MAX),
  metering: z.array(ruleField).max(RULES_MAX),
}

const policyReply = z
  .object({
    id: z.string(),
    key: z.string(),
    ...{ name: z.string(), application: z.string().nullable() },
    ...{ method: z.string(), url: z.string(), priority: z.number() },
    strategyId: z.string().nullable(),
    ...{ mode: z.enum(MODES), withoutAnswer: z.enum(WITHOUT_ANSWER), deadlineMs: z.number() },
    limits: z.array(limitReply),
    metering: z.array(ruleReply),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'Policy' })

const params = z.object({ policy: refField })
const ruleFailures = [
  failures.routeImpossible,
  failures.limitImpossible,
  failures.limitWithoutMeter,
  failures.meteringImpossible,
  strategyFailures.unknown,
  strategyFailures.archived,
]

export function policiesRoutes(): Route[] {
  return [makeRoute(), listRoute(), readRoute(), changeRoute(), archiveRoute()]
}

function makeRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/control/policies',
    tag,
    summary: 'Say what holds for the requests that a pattern covers',
    description: 'The packages in your applications know within two seconds.',
    scope: 'control:write',
    body: z.strictObject({
      key: keyField('pol', 'free-tier'),
      name: fields.name,
      application: fields.application.default(null),
      method: fields.method.default('*'),
      url: fields.url,
      priority: fields.priority.default(0),
      strategy: fields.strategy.default(null),
      mode: fields.mode.default('enforce'),
      withoutAnswer: fields.withoutAnswer.default('allow'),
      deadlineMs: fields.deadlineMs.default(DEADLINE_MS),
      limits: fields.limits.default([]),
      metering: fields.metering.default([]),
    }),
    replies: { 201: policyReply },
    failures: [failures.keyTaken, ...ruleFailures],
    handle: async ({ tx, caller, body, systemNow }) => ({
      status: 201,
      body: toReply(await makePolicy(tx, caller.envId, body, systemNow)),
    }),
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/policies',
    tag,
    summary: 'List policies',
    scope: 'control:read',
    query: z.strictObject({
      ...pageQuery,
      application: applicationField.optional(),
      mode: z.enum(MODES).optional(),
    }),
    replies: { 200: pageOf(policyReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const { limit, application = null, mode = null } = query
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const wanted = { limit: limit + 1, after, application, mode }
      const rows = await selectPolicyPage(tx, caller.envId, wanted)
      const page = pageFrom(rows, limit, ({ key }) => [key])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/policies/:policy',
    tag,
    summary: 'Read a policy',
    scope: 'control:read',
    params,
    replies: { 200: policyReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getPolicy(tx, caller.envId, params.policy)),
    }),
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/control/policies/:policy',
    tag,
    summary: 'Change a policy',
    description:
      'What is left out stays; `limits` are replaced together, and so is `metering`, where a rule that is there already keeps its id.',
    scope: 'control:write',
    params,
    body: z.strictObject(fields).partial(),
    replies: { 200: policyReply },
    failures: [failures.unknown, ...ruleFailures],
    async handle({ tx, caller, params, body, systemNow }) {
      const change = { ...body, ref: params.policy }
      return { status: 200, body: toReply(await changePolicy(tx, caller.envId, change, systemNow)) }
    },
  })
}

function archiveRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/control/policies/:policy/archive',
    tag,
    summary: 'Archive a policy',
    description: 'It holds for nothing anymore. Its key stays taken.',
    scope: 'control:write',
    params,
    replies: { 200: policyReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params, systemNow }) => ({
      status: 200,
      body: toReply(await archivePolicy(tx, caller.envId, params.policy, systemNow)),
    }),
  })
}

function toReply(policy: Policy): z.input<typeof policyReply> {
  return {
    ...policy,
    limits: [...policy.limits],
    metering: policy.metering.map((rule) => ({ ...rule, when: [...rule.when] })),
    createdAt: policy.createdAt.toISOString(),
    archivedAt: policy.archivedAt?.toISOString() ?? null,
  }
}
