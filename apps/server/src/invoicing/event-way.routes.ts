import { z } from 'zod'
import { AGGREGATIONS } from '../catalog/meter.ts'
import { instantText } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { eventIdOf } from '../usage/event-key.ts'
import { eventParams } from '../usage/events.routes.ts'
import { failures as usageFailures } from '../usage/failures.ts'
import { findEvent } from '../usage/find-event.ts'
import { type EventBilling, eventWay, type Station } from './event-way.ts'
import { INVOICE_KINDS, STATUSES } from './invoice.ts'

const invoiceReply = z.object({
  invoiceId: z.string(),
  number: z.string().nullable(),
  status: z.enum(STATUSES),
  kind: z.enum(INVOICE_KINDS),
  lines: z.array(
    z.object({
      lineNo: z.number(),
      description: z.string(),
      late: z.boolean().meta({ description: 'Counts it because it came after its own invoice' }),
    }),
  ),
})

const billingReply = z.object({
  customerId: z
    .string()
    .meta({ description: 'Who pays: the customer, or one that it stands beneath' }),
  subscriptionId: z.string(),
  plan: z.string(),
  planVersion: z.number(),
  term: z.enum(['billed', 'trial', 'pause']).meta({ description: 'Only `billed` is invoiced' }),
  period: z
    .object({
      start: instantText,
      end: instantText,
      state: z.enum(['open', 'closed', 'invoiced']),
    })
    .nullable(),
  invoices: z.array(invoiceReply),
})

const stationReply = z.object({
  meterId: z.string(),
  meter: z.string(),
  name: z.string(),
  unit: z.string(),
  aggregation: z.enum(AGGREGATIONS),
  outcome: z.enum(['counted', 'filtered', 'no_value', 'void']).meta({
    description:
      '`filtered`: the filter of the meter lets it out; `no_value`: it has not what the meter reads',
  }),
  value: z.string().nullable().meta({ description: 'The number that the meter read' }),
  uniqueValue: z
    .string()
    .nullable()
    .meta({ description: 'What a UNIQUE meter tells apart, as JSON' }),
  billing: billingReply
    .nullable()
    .meta({ description: 'Null: no subscription had a price for the meter at that time' }),
})

const wayReply = z
  .object({
    eventId: z.string(),
    counted: z.boolean().meta({ description: 'Whether the totals have it already' }),
    meters: z.array(stationReply),
  })
  .meta({ id: 'EventWay' })

/** What became of an event, the other way round than the events of a line. */
export function eventWayRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/events/:eventId/way',
      tag: 'Usage',
      summary: 'Follow one event to the invoices that count it',
      description:
        'For each meter of its name: what it read, or why not; which period of which subscription it fell in; and the lines of invoices that count it, drafts too. While a period is open there are none.',
      scope: 'billing:read',
      params: eventParams,
      replies: { 200: wayReply },
      failures: [usageFailures.eventNotFound],
      async handle({ tx, caller, params }) {
        const event = await findEvent(tx, caller.envId, params.eventId)
        const { isFolded, stations } = await eventWay(tx, caller.envId, event)
        return {
          status: 200,
          body: {
            eventId: eventIdOf(event.key),
            counted: isFolded,
            meters: stations.map(toStation),
          },
        }
      },
    }),
  ]
}

function toStation({ meter, outcome, reading, billing }: Station): z.input<typeof stationReply> {
  const { id, key, name, unit, aggregation } = meter
  return {
    ...{ meterId: id, meter: key, name, unit, aggregation, outcome },
    value: reading?.value ?? null,
    uniqueValue: reading?.uniqueValue ?? null,
    billing: billing && toBilling(billing),
  }
}

function toBilling(billing: EventBilling): z.input<typeof billingReply> {
  const { subscription, term, period } = billing
  return {
    customerId: subscription.customer,
    subscriptionId: subscription.id,
    plan: term.plan.key,
    planVersion: term.plan.version,
    term: term.kind,
    period: period && {
      start: period.start.toISOString(),
      end: period.end.toISOString(),
      state: period.state,
    },
    invoices: billing.invoices.map(({ invoice: { state, content }, lines }) => ({
      invoiceId: state.id,
      number: content.number,
      status: state.status,
      kind: state.kind,
      lines: lines.map(({ lineNo, description, late }) => ({
        lineNo,
        description,
        late: late !== null,
      })),
    })),
  }
}
