import { z } from 'zod'
import { instantText, pageQuery } from '../../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../../platform/http/page.ts'
import { type Route, route } from '../../platform/http/route.ts'
import { refField, tag } from '../control-fields.ts'
import { applicationField } from '../policies.routes.ts'
import { selectPolicyPage } from '../policies.store.ts'
import { failures as policyFailures } from '../policy-failures.ts'
import { getPolicy } from '../set-policy.ts'
import { LIST_DAYS_MAX, textsOf, windowQuery, windowReply } from './endpoints.routes.ts'
import { HOURS_DAYS } from './forget-reports.ts'
import { readDecisions, readManyDecisions, readOtherDecisions } from './read-decisions.ts'
import { failures } from './report-failures.ts'
import { windowOf } from './window.ts'

const counts = {
  refused: z.number().meta({ description: 'In `shadow`: would have been' }),
  allowedWithoutAnswer: z.number(),
  refusedWithoutAnswer: z.number(),
}

const modeField = z.enum(['enforce', 'shadow'])

const did = {
  limit: z.string().meta({ description: 'By name; `block` of blocks' }),
  mode: modeField,
  ...counts,
  identities: z
    .array(z.object({ kind: z.enum(['customer', 'network']), id: z.string(), ...counts }))
    .meta({ description: 'Those that were refused most' }),
}

const requestsField = z.number().nullable().meta({
  description:
    'Of the endpoints whose route the policy covers now, whatever it covered then; null where there are none',
})

const decisionsReply = z
  .object({
    ...windowReply,
    requests: requestsField,
    limits: z.array(z.object(did)),
    hours: z
      .array(z.object({ startsAt: instantText, mode: modeField, ...counts }))
      .meta({ description: 'All limits together; hours in which none did anything are left out' }),
  })
  .meta({ id: 'PolicyDecisions' })

const sumsReply = z
  .object({
    policyId: z.string(),
    requests: requestsField,
    modes: z
      .array(z.object({ mode: modeField, ...counts }))
      .meta({ description: 'All limits together, in each mode in which they did something' }),
  })
  .meta({ id: 'PolicySums' })

const otherDecisionsReply = z
  .object({
    ...windowReply,
    limits: z
      .array(
        z.object({
          application: z.string(),
          pattern: z.string().nullable().meta({ description: 'Null: of blocks' }),
          ...did,
        }),
      )
      .meta({ description: 'Those that refused most, 200 at most' }),
  })
  .meta({ id: 'OtherDecisions' })

/** `GET /api/v1/control/decisions/other`: whom limits refuse that stand in no policy, and blocks. */
export function otherDecisionsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/decisions/other',
    tag,
    summary: 'Read what limits in the code of applications did, and blocks',
    description: `What limits of policies did stands with each policy. Figures are of whole hours, for ${HOURS_DAYS} days.`,
    scope: 'control:read',
    query: z.strictObject({
      ...windowQuery,
      application: applicationField.optional().meta({ description: 'Its name; all without one' }),
    }),
    replies: { 200: otherDecisionsReply },
    failures: [failures.windowEmpty, failures.windowTooLong],
    async handle({ tx, caller, query, systemNow }) {
      const window = windowOf(query, { span: 'hour', daysMax: HOURS_DAYS, systemNow })
      const { application = null } = query
      const limits = await readOtherDecisions(tx, caller.envId, application, window)
      return { status: 200, body: { ...textsOf(window), limits: [...limits] } }
    },
  })
}

/** `GET /api/v1/control/policies/{policy}/decisions`: whom its limits refuse, or would refuse. */
export function decisionsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/policies/:policy/decisions',
    tag,
    summary: 'Read what the limits of a policy did',
    description: `Also of one that only shadows: whom it would have refused. Figures are of whole hours, for ${HOURS_DAYS} days.`,
    scope: 'control:read',
    params: z.object({ policy: refField }),
    query: z.strictObject(windowQuery),
    replies: { 200: decisionsReply },
    failures: [policyFailures.unknown, failures.windowEmpty, failures.windowTooLong],
    async handle({ tx, caller, params, query, systemNow }) {
      const window = windowOf(query, { span: 'hour', daysMax: HOURS_DAYS, systemNow })
      const policy = await getPolicy(tx, caller.envId, params.policy)
      const decisions = await readDecisions(tx, caller.envId, policy, window)
      const hours = decisions.hours.map(({ startsAt, ...sums }) => ({
        ...{ ...sums, startsAt: startsAt.toISOString() },
      }))
      return { status: 200, body: { ...textsOf(window), ...decisions, hours } }
    },
  })
}

/** `GET /api/v1/control/decisions`: the same of all policies, page by page. */
export function manyDecisionsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/decisions',
    tag,
    summary: 'Read what the limits of all policies did',
    description: `By the key of the policy, as they are listed. Figures are of whole hours, ${LIST_DAYS_MAX} days at most.`,
    scope: 'control:read',
    query: z.strictObject({ ...pageQuery, ...windowQuery }),
    replies: {
      200: z.object({
        ...windowReply,
        data: z.array(sumsReply),
        nextCursor: z.string().nullable(),
      }),
    },
    failures: [pageFailures.cursorMalformed, failures.windowEmpty, failures.windowTooLong],
    async handle({ tx, caller, query, systemNow }) {
      const { limit, cursor } = query
      const window = windowOf(query, { span: 'hour', daysMax: LIST_DAYS_MAX, systemNow })
      const after = cursor ? (decodeCursor(cursor, 1)[0] ?? null) : null
      const wanted = { limit: limit + 1, after, application: null, mode: null }
      const rows = await selectPolicyPage(tx, caller.envId, wanted)
      const page = pageFrom(rows, limit, ({ key }) => [key])
      const data = await readManyDecisions(tx, caller.envId, page.data, window)
      const modes = ({ modes, ...sums }: (typeof data)[number]) => ({ ...sums, modes: [...modes] })
      return { status: 200, body: { ...textsOf(window), ...page, data: data.map(modes) } }
    },
  })
}
