import { z } from 'zod'
import { instantField, instantText, pageQuery, textField } from '../../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../../platform/http/page.ts'
import { type Route, route } from '../../platform/http/route.ts'
import { tag } from '../control-fields.ts'
import { applicationField } from '../policies.routes.ts'
import { MODES } from '../policy.ts'
import type { Endpoint } from './endpoint.ts'
import { type EndpointPlace, selectEndpoint, selectEndpointPage } from './endpoints.store.ts'
import { addFigures, type Figures, NO_FIGURES, summarize } from './figures.ts'
import { HOURS_DAYS, MINUTES_DAYS } from './forget-reports.ts'
import { readPoliciesOf } from './policies-of-endpoint.ts'
import { failures } from './report-failures.ts'
import { SPANS, selectSeries, selectTopCustomers, selectTotals } from './statistics.store.ts'
import { windowOf } from './window.ts'

/** Of many endpoints, or of many customers, more hours than these are too many to add up. */
export const LIST_DAYS_MAX = 7
const CUSTOMERS_DAYS_MAX = 31

export const windowQuery = {
  from: instantField.optional().meta({ description: '24 hours before `to` when left out' }),
  to: instantField.optional().meta({ description: 'Now, when left out' }),
}

export const windowReply = {
  from: instantText.meta({ description: 'When the first hour or minute that is in it began' }),
  to: instantText.meta({ description: 'When the last one ends' }),
}

const latencyReply = z
  .object({ p50: z.number(), p95: z.number(), p99: z.number() })
  .nullable()
  .meta({
    description:
      'Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told',
  })

const summaryFields = {
  requests: z.number(),
  unmetered: z.number().meta({
    description: 'Requests that a metering rule covers, and for which no customer was known',
  }),
  statuses: z
    .record(z.string(), z.number())
    .meta({ description: 'By the first digit', example: { '2xx': 98, '5xx': 2 } }),
  errorRate: z
    .number()
    .nullable()
    .meta({ description: 'The share with a status of 500 or more; null without requests' }),
  latencyMs: latencyReply,
  requestBytes: z.number(),
  responseBytes: z.number(),
}

const endpointFields = {
  id: z.string(),
  application: z.string(),
  method: z.string().nullable(),
  route: z
    .string()
    .nullable()
    .meta({ description: 'Null: all requests for which the framework had no route' }),
  firstSeenAt: instantText,
  declaredAt: instantText
    .nullable()
    .meta({ description: 'When the framework last said that it has it, to the day' }),
  lastSeenAt: instantText.nullable().meta({ description: 'In traffic, to the minute' }),
}

const endpointReply = z.object({ ...endpointFields, ...summaryFields }).meta({ id: 'Endpoint' })

const params = z.object({ endpoint: textField(100).meta({ description: 'Id of the endpoint' }) })

/** What is known of the routes of applications. */
export function endpointsRoutes(): Route[] {
  return [listRoute(), readRoute(), statisticsRoute(), customersRoute()]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/endpoints',
    tag,
    summary: 'List endpoints of applications with their traffic',
    description: `By application, route and method. Figures are of whole hours, ${LIST_DAYS_MAX} days at most.`,
    scope: 'control:read',
    query: z.strictObject({
      ...pageQuery,
      ...windowQuery,
      application: applicationField.optional(),
      q: textField(100).optional().meta({ description: 'Stands in the method and route' }),
    }),
    replies: {
      200: z.object({
        ...windowReply,
        data: z.array(endpointReply),
        nextCursor: z.string().nullable(),
      }),
    },
    failures: [pageFailures.cursorMalformed, failures.windowEmpty, failures.windowTooLong],
    async handle({ tx, caller, query, systemNow }) {
      const { limit, application = null, q: text = null } = query
      const window = windowOf(query, { span: 'hour', daysMax: LIST_DAYS_MAX, systemNow })
      const wanted = { limit: limit + 1, after: placeFrom(query.cursor), application, text }
      const page = pageFrom(await selectEndpointPage(tx, caller.envId, wanted), limit, placeOf)
      const ids = page.data.map(({ id }) => id)
      const totals = await selectTotals(tx, caller.envId, ids, window)
      const figures = new Map(totals.map(({ endpointId, ...sums }) => [endpointId, sums]))
      const data = page.data.map((endpoint) => ({
        ...toReply(endpoint),
        ...summarize(figures.get(endpoint.id) ?? NO_FIGURES),
      }))
      return { status: 200, body: { ...textsOf(window), ...page, data } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/endpoints/:endpoint',
    tag,
    summary: 'Read an endpoint, with the policies that cover it',
    scope: 'control:read',
    params,
    replies: {
      200: z
        .object({
          ...endpointFields,
          policies: z
            .array(
              z.object({
                ...{ id: z.string(), key: z.string(), name: z.string(), mode: z.enum(MODES) },
                limits: z.number().meta({ description: 'How many it has' }),
                meters: z.boolean().meta({ description: 'Whether it has a metering rule' }),
              }),
            )
            .meta({
              description:
                'As its route is written, without those that are off; a path may fit a more specific one',
            }),
        })
        .meta({ id: 'EndpointWithPolicies' }),
    },
    failures: [failures.endpointUnknown],
    async handle({ tx, caller, params: { endpoint: endpointId } }) {
      const endpoint = await selectEndpoint(tx, caller.envId, endpointId)
      if (!endpoint) throw failures.endpointUnknown(endpointId)
      const covering = await readPoliciesOf(tx, caller.envId, endpoint)
      const policies = covering.map(({ id, key, name, mode, limits, metering }) => ({
        ...{ id, key, name, mode, limits: limits.length, meters: metering.length > 0 },
      }))
      return { status: 200, body: { ...toReply(endpoint), policies } }
    },
  })
}

function statisticsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/endpoints/:endpoint/statistics',
    tag,
    summary: 'Read the traffic of an endpoint over time',
    description: `By minute for the last ${MINUTES_DAYS} days, by hour for the last ${HOURS_DAYS}. Minutes and hours without requests are left out.`,
    scope: 'control:read',
    params,
    query: z.strictObject({
      ...windowQuery,
      by: z.enum(SPANS).default('hour'),
    }),
    replies: {
      200: z
        .object({
          endpoint: z.object(endpointFields),
          ...windowReply,
          total: z.object(summaryFields).meta({ description: 'Of all of them together' }),
          data: z.array(
            z.object({
              startsAt: instantText,
              customers: z.number().meta({ description: 'Of an hour: how many there were' }),
              ...summaryFields,
            }),
          ),
        })
        .meta({ id: 'EndpointStatistics' }),
    },
    failures: [failures.endpointUnknown, failures.windowEmpty, failures.windowTooLong],
    async handle({ tx, caller, params: { endpoint: endpointId }, query, systemNow }) {
      const { by: span } = query
      const daysMax = span === 'minute' ? MINUTES_DAYS : HOURS_DAYS
      const window = windowOf(query, { span, daysMax, systemNow })
      const endpoint = await selectEndpoint(tx, caller.envId, endpointId)
      if (!endpoint) throw failures.endpointUnknown(endpointId)
      const series = await selectSeries(tx, caller.envId, { endpointId, span, ...window })
      const data = series.map(({ startsAt, customers, ...figures }) => ({
        ...{ startsAt: startsAt.toISOString(), customers },
        ...summarize(figures),
      }))
      const total = summarize(series.reduce<Figures>(addFigures, NO_FIGURES))
      const body = { endpoint: toReply(endpoint), ...textsOf(window), total, data }
      return { status: 200, body }
    },
  })
}

function customersRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/endpoints/:endpoint/customers',
    tag,
    summary: 'Read whose requests an endpoint had',
    description: `Those with the most requests first. Figures are of whole hours, ${CUSTOMERS_DAYS_MAX} days at most.`,
    scope: 'control:read',
    params,
    query: z.strictObject({
      ...windowQuery,
      limit: pageQuery.limit.pipe(z.int().max(100)),
    }),
    replies: {
      200: z
        .object({
          ...windowReply,
          data: z.array(
            z.object({
              customerId: z.string().nullable().meta({
                description: 'Null: nobody known, and those beyond 5,000 customers in an hour',
              }),
              ...summaryFields,
            }),
          ),
        })
        .meta({ id: 'EndpointCustomers' }),
    },
    failures: [failures.endpointUnknown, failures.windowEmpty, failures.windowTooLong],
    async handle({ tx, caller, params: { endpoint: endpointId }, query, systemNow }) {
      const window = windowOf(query, { span: 'hour', daysMax: CUSTOMERS_DAYS_MAX, systemNow })
      const endpoint = await selectEndpoint(tx, caller.envId, endpointId)
      if (!endpoint) throw failures.endpointUnknown(endpointId)
      const wanted = { endpointId, limit: query.limit, ...window }
      const customers = await selectTopCustomers(tx, caller.envId, wanted)
      const data = customers.map(({ customerId, ...figures }) => ({
        ...{ customerId, ...summarize(figures) },
      }))
      return { status: 200, body: { ...textsOf(window), data } }
    },
  })
}

export function textsOf({ from, to }: { readonly from: Date; readonly to: Date }) {
  return { from: from.toISOString(), to: to.toISOString() }
}

function toReply({ id, application, name, firstSeenAt, declaredAt, lastSeenAt }: Endpoint) {
  return {
    ...{ id, application, method: name?.method ?? null, route: name?.route ?? null },
    firstSeenAt: firstSeenAt.toISOString(),
    declaredAt: declaredAt?.toISOString() ?? null,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  }
}

function placeOf({ application, name }: Endpoint): readonly string[] {
  return [application, name?.route ?? '', name?.method ?? '']
}

function placeFrom(cursor: string | undefined): EndpointPlace | null {
  if (cursor === undefined) return null
  const [application = '', route = '', method = ''] = decodeCursor(cursor, 3)
  return { application, route, method }
}
