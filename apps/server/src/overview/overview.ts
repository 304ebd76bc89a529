import { contactOf } from '../customers/contact.ts'
import { type InvoiceFigures, invoiceFigures } from '../invoicing/invoice-figures.ts'
import { foldedUpTo } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type RefusedFigure, refusedFigures } from '../stripe-sync/refused-figures.ts'
import {
  type SubscriptionFigures,
  subscriptionFigures,
} from '../subscriptions/monthly-recurring.ts'
import { hasEvents } from '../usage/has-events.ts'
import { type WebhookFigures, webhookFigures } from '../webhooks/webhook-figures.ts'

/** How an environment is doing, in the figures that somebody looks at first. */
export type Overview = {
  readonly usage: { readonly asOf: Date; readonly lagSeconds: number; readonly hasEvents: boolean }
  readonly subscriptions: SubscriptionFigures
  readonly invoices: InvoiceFigures
  /** Of those who are invoiced most, by the organization's own name for each. */
  readonly customerNames: ReadonlyMap<string, string>
  readonly webhooks: WebhookFigures
  readonly refusedByStripe: readonly RefusedFigure[]
}

/** Everything comes from rows that are few or sums that stand in an index: no event is looked at. */
export async function readOverview(tx: Tx, envId: number, now: Date): Promise<Overview> {
  const { asOf, lagSeconds } = await foldedUpTo(tx)
  const invoices = await invoiceFigures(tx, envId, now)
  const customerNames = new Map<string, string>()
  for (const { customer } of invoices.topCustomers)
    customerNames.set(customer, (await contactOf(tx, envId, customer)).name)
  return {
    usage: { asOf, lagSeconds, hasEvents: await hasEvents(tx, envId) },
    subscriptions: await subscriptionFigures(tx, envId),
    invoices,
    customerNames,
    webhooks: await webhookFigures(tx, envId),
    refusedByStripe: await refusedFigures(tx, envId),
  }
}
