import { z } from 'zod'
import { type Route, route } from '../../platform/http/route.ts'
import { refField, tag } from '../control-fields.ts'
import { failures as policyFailures } from '../policy-failures.ts'
import { getPolicy } from '../set-policy.ts'
import { textsOf, windowQuery, windowReply } from './endpoints.routes.ts'
import { HOURS_DAYS } from './forget-reports.ts'
import { readDecisions } from './read-decisions.ts'
import { failures } from './report-failures.ts'
import { windowOf } from './window.ts'

const counts = {
  refused: z.number().meta({ description: 'In `shadow`: would have been' }),
  allowedWithoutAnswer: z.number(),
  refusedWithoutAnswer: z.number(),
}

const decisionsReply = z
  .object({
    ...windowReply,
    requests: z.number().nullable().meta({
      description:
        'Of the endpoints whose route the policy covers now, whatever it covered then; null where there are none',
    }),
    limits: z.array(
      z.object({
        limit: z.string().meta({ description: 'By name; `block` of blocks' }),
        mode: z.enum(['enforce', 'shadow']),
        ...counts,
        identities: z
          .array(z.object({ kind: z.enum(['customer', 'network']), id: z.string(), ...counts }))
          .meta({ description: 'Those that were refused most' }),
      }),
    ),
  })
  .meta({ id: 'PolicyDecisions' })

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
      return { status: 200, body: { ...textsOf(window), ...decisions } }
    },
  })
}
