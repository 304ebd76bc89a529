import { formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type Overview, readOverview } from './overview.ts'

const amount = {
  currency: z.string(),
  amountMinor: z.string(),
  amount: z.string().meta({ description: 'In the major unit', example: '120.00' }),
}

const overviewReply = z
  .object({
    now: instantText.meta({ description: "The environment's time" }),
    usage: z.object({
      asOf: instantText.meta({ description: 'What was committed before is counted' }),
      lagSeconds: z.number(),
      hasEvents: z.boolean(),
    }),
    monthlyRecurring: z
      .array(z.object({ ...amount, subscriptions: z.int() }))
      .meta({ description: 'Base prices of active subscriptions a month, by currency' }),
    subscriptions: z.object({
      byStatus: z.record(z.string(), z.int()),
      parked: z.int().meta({ description: 'Whose billing was stopped and waits for somebody' }),
    }),
    revenue: z
      .array(z.object({ ...amount, month: instantText, invoices: z.int() }))
      .meta({ description: 'Finalized in this month and the five before, in UTC' }),
    topCustomers: z
      .array(z.object({ ...amount, customerId: z.string(), name: z.string() }))
      .meta({ description: 'Who was invoiced most in these months' }),
    owed: z
      .array(
        z.object({
          ...amount,
          invoices: z.int(),
          failed: z.int(),
          overdue: z.int(),
          overdueMinor: z.string(),
        }),
      )
      .meta({ description: 'Finalized and not paid, by currency' }),
    hasInvoices: z.boolean(),
    webhooks: z.object({
      endpoints: z.int(),
      disabled: z.int().meta({ description: 'Not by hand' }),
      failing: z.int(),
      pending: z.int().meta({ description: 'Deliveries that wait; counted up to 10,000' }),
      troubled: z
        .array(
          z.object({ id: z.string(), url: z.string(), trouble: z.enum(['failing', 'disabled']) }),
        )
        .meta({ description: 'Those that are failing, or were disabled and not by hand' }),
    }),
    refusedByStripe: z.array(z.object({ triggerId: z.string(), refused: z.int() })).meta({
      description:
        'Triggers of which Stripe refused something that waits for somebody, and how much; counted up to 10,000',
    }),
  })
  .meta({ id: 'Overview' })

/** The one address of the overview. */
export function overviewRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/overview',
      tag: 'Overview',
      summary: 'Read how the environment is doing',
      description:
        'Revenue, what is owed, subscriptions, webhooks and how far usage is counted: the figures that somebody looks at first.',
      scope: 'billing:read',
      replies: { 200: overviewReply },
      handle: async ({ tx, caller, now }) => ({
        status: 200,
        body: toReply(await readOverview(tx, caller.envId, now), now),
      }),
    }),
  ]
}

function toReply(overview: Overview, now: Date): z.input<typeof overviewReply> {
  const { usage, subscriptions, invoices, webhooks } = overview
  return {
    now: now.toISOString(),
    usage: { ...usage, asOf: usage.asOf.toISOString() },
    monthlyRecurring: subscriptions.monthlyRecurring.map((row) => ({
      ...amountOf(row.amountMinor, row.currency),
      subscriptions: row.subscriptions,
    })),
    subscriptions: {
      byStatus: Object.fromEntries(subscriptions.byStatus),
      parked: subscriptions.parked,
    },
    revenue: invoices.months.map(({ month, currency, totalMinor, invoices: count }) => ({
      ...amountOf(totalMinor, currency),
      month: month.toISOString(),
      invoices: count,
    })),
    topCustomers: invoices.topCustomers.map(({ customer, currency, totalMinor }) => ({
      ...amountOf(totalMinor, currency),
      customerId: customer,
      name: overview.customerNames.get(customer) ?? customer,
    })),
    owed: invoices.owed.map((row) => ({
      ...amountOf(row.openMinor, row.currency),
      invoices: row.open,
      failed: row.failed,
      overdue: row.overdue,
      overdueMinor: String(row.overdueMinor),
    })),
    hasInvoices: invoices.hasAny,
    webhooks: { ...webhooks, troubled: [...webhooks.troubled] },
    refusedByStripe: [...overview.refusedByStripe],
  }
}

function amountOf(amountMinor: bigint, currency: string) {
  return { currency, amountMinor: String(amountMinor), amount: formatMinor(amountMinor, currency) }
}
