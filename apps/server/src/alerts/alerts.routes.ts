import { formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import {
  customerIdField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type Alert, KINDS, type ReachedThreshold, SPANS } from './alert.ts'
import { selectStates } from './alert-states.store.ts'
import { selectAlerts } from './alerts.store.ts'
import { failures } from './failures.ts'
import { changeAlert, getAlert, removeAlert, setAlert } from './set-alert.ts'

const tag = 'Alerts'
const idField = textField(100)
const params = z.object({ alertId: idField })
const thresholdsField = z
  .array(textField(60))
  .min(1)
  .max(10)
  .meta({
    description:
      'Units, or money in the major unit; `80%` of the included units where the window is `period`',
    example: ['80%', '100%'],
  })

const alertReply = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(KINDS),
    customerId: z.string().nullable().meta({ description: 'Null: every customer' }),
    planId: z.string().nullable(),
    meterId: z.string().nullable(),
    window: z.enum(SPANS).nullable(),
    currency: z.string().nullable(),
    thresholds: z.array(z.string()),
    createdAt: instantText,
  })
  .meta({ id: 'Alert' })

const stateReply = z
  .object({
    alertId: z.string(),
    name: z.string().meta({ description: 'Of the alert' }),
    kind: z.enum(KINDS),
    meterId: z.string().nullable(),
    currency: z.string().nullable(),
    customerId: z.string(),
    subscriptionId: z.string().nullable(),
    windowStart: instantText.nullable().meta({ description: 'Null: of a balance' }),
    threshold: z.string(),
    value: z.string().meta({ description: 'When it was told' }),
    reachedAt: instantText,
  })
  .meta({ id: 'AlertState' })

/** What somebody wants to know of usage, spending and credits. */
export function alertsRoutes(): Route[] {
  return [setRoute(), listRoute(), readRoute(), changeRoute(), removeRoute(), statesRoute()]
}

function setRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/alerts',
    tag,
    summary: 'Be told when thresholds are reached',
    description:
      'Each threshold is told once for a customer and window, as the fact `usage.threshold_reached`, `spend.threshold_reached` or `balance.threshold_reached`; of a balance again after it was above.',
    scope: 'billing:write',
    body: z.strictObject({
      name: textField(200, 0).default(''),
      kind: z.enum(KINDS),
      customerId: customerIdField.nullable().default(null),
      plan: textField(100).nullable().default(null).meta({ description: 'Id or key' }),
      meter: textField(100)
        .nullable()
        .default(null)
        .meta({ description: 'Of usage, and of a balance of units: id or key' }),
      window: z
        .enum(SPANS)
        .nullable()
        .default(null)
        .meta({ description: 'Of usage: a billing period, or a day or month of UTC' }),
      currency: z
        .string()
        .length(3)
        .nullable()
        .default(null)
        .meta({ description: 'Of spending, and of a balance of money', example: 'USD' }),
      thresholds: thresholdsField,
    }),
    replies: { 201: alertReply },
    failures: [
      failures.impossible,
      customerFailures.unknown,
      meterFailures.unknown,
      planFailures.unknown,
    ],
    async handle({ tx, caller, body, now }) {
      const { customerId: customer, window: span, ...rest } = body
      const alert = await setAlert(tx, caller.envId, { ...rest, customer, span }, now)
      return { status: 201, body: toReply(alert) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/alerts',
    tag,
    summary: 'List alerts',
    scope: 'billing:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(alertReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? '') : ''
      const rows = await selectAlerts(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ id }) => [id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/alerts/:alertId',
    tag,
    summary: 'Read an alert',
    scope: 'billing:read',
    params,
    replies: { 200: alertReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params: { alertId } }) => ({
      status: 200,
      body: toReply(await getAlert(tx, caller.envId, alertId)),
    }),
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/alerts/:alertId',
    tag,
    summary: 'Give an alert another name or other thresholds',
    description: 'What was told is not told again.',
    scope: 'billing:write',
    params,
    body: z.strictObject({
      name: textField(200, 0).optional(),
      thresholds: thresholdsField.optional(),
    }),
    replies: { 200: alertReply },
    failures: [failures.unknown, failures.impossible],
    handle: async ({ tx, caller, params: { alertId }, body, now }) => ({
      status: 200,
      body: toReply(await changeAlert(tx, caller.envId, { id: alertId, ...body }, now)),
    }),
  })
}

function removeRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/alerts/:alertId',
    tag,
    summary: 'Remove an alert, and what was told by it',
    scope: 'billing:write',
    params,
    replies: { 200: alertReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params: { alertId } }) => ({
      status: 200,
      body: toReply(await removeAlert(tx, caller.envId, alertId)),
    }),
  })
}

function statesRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/alert-states',
    tag,
    summary: 'List the thresholds that were reached, the latest first',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      customerId: customerIdField.optional(),
      alertId: idField.optional(),
    }),
    replies: { 200: pageOf(stateReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const offset = query.cursor ? offsetOf(query.cursor) : 0
      const { limit, customerId: customer = null, alertId = null } = query
      const wanted = { limit: limit + 1, offset, customer, alertId }
      const rows = await selectStates(tx, caller.envId, wanted)
      const page = pageFrom(rows, limit, () => [String(offset + limit)])
      return { status: 200, body: { ...page, data: page.data.map(stateToReply) } }
    },
  })
}

function offsetOf(cursor: string): number {
  const [text = ''] = decodeCursor(cursor, 1)
  if (!/^\d{1,9}$/.test(text)) throw pageFailures.cursorMalformed()
  return Number(text)
}

function toReply({ customer: customerId, span: window, createdAt, ...alert }: Alert) {
  return { ...alert, customerId, window, createdAt: createdAt.toISOString() }
}

function stateToReply(state: ReachedThreshold) {
  const { alertId, name, kind, meterId, currency, threshold } = state
  const { customer: customerId, subject, windowStart, reachedAt } = state
  return {
    ...{ alertId, name, kind, meterId, currency, customerId, threshold },
    subscriptionId: subject === '' ? null : subject,
    windowStart: windowStart.getTime() === 0 ? null : windowStart.toISOString(),
    value: formatDecimal(state.value),
    reachedAt: reachedAt.toISOString(),
  }
}
