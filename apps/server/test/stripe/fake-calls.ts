import type { FakeBooks } from './fake-books.ts'

export const METER_EVENTS = 'POST /v1/billing/meter_events'

/** What each call takes: any other parameter is refused, as Stripe does. */
export const CALLS: readonly Call[] = [
  {
    what: 'GET /v1/account',
    takes: '',
    run: ({ account }) => ({ id: account, object: 'account' }),
  },
  {
    what: 'POST /v1/customers',
    takes: 'name email metadata',
    run: (books, { form }) => books.createCustomer(form),
  },
  {
    what: 'GET /v1/customers/:id',
    takes: '',
    run: (books, { id }) => books.thing(books.customers, id),
  },
  {
    what: 'GET /v1/payment_methods',
    takes: 'customer limit',
    run: (books, { form }) =>
      page(
        [...books.cards].filter(([, card]) => card.customer === form.customer),
        ([id]) => books.method(id),
      ),
  },
  {
    what: 'POST /v1/checkout/sessions',
    takes: 'mode customer currency success_url cancel_url metadata',
    run: (books, { form }) => books.createSession(form),
  },
  {
    what: 'GET /v1/checkout/sessions/:id',
    takes: 'expand',
    run: (books, { id, form }) => books.session(id, form['expand[0]']),
  },
  {
    what: 'POST /v1/payment_intents',
    takes:
      'amount currency customer payment_method confirm off_session automatic_payment_methods metadata',
    run: (books, { form }) => books.createIntent(form),
  },
  {
    what: 'GET /v1/payment_intents',
    takes: 'customer limit starting_after',
    run: (books, { form }) =>
      listed(
        [...books.intents.values()].filter(({ customer }) => customer === form.customer),
        form,
      ),
  },
  {
    what: 'GET /v1/payment_intents/:id',
    takes: '',
    run: (books, { id }) => books.thing(books.intents, id),
  },
  {
    what: 'POST /v1/payment_intents/:id/confirm',
    takes: 'payment_method return_url off_session',
    run: (books, { id, form }) => books.confirmIntent(id, form),
  },
  {
    what: 'POST /v1/payment_intents/:id/cancel',
    takes: 'cancellation_reason',
    run: (books, { id, form }) => books.cancelIntent(id, form),
  },
  {
    what: 'POST /v1/refunds',
    takes: 'payment_intent amount metadata',
    run: (books, { form }) => books.createRefund(form),
  },
  {
    what: 'GET /v1/refunds',
    takes: 'payment_intent limit starting_after',
    run: (books, { form }) =>
      listed(
        [...books.refunds.values()].filter((one) => one.payment_intent === form.payment_intent),
        form,
      ),
  },
  {
    what: 'GET /v1/refunds/:id',
    takes: '',
    run: (books, { id }) => books.thing(books.refunds, id),
  },
  {
    what: 'GET /v1/prices/:id',
    takes: '',
    run: ({ meters, subscriptions }, { id }) => subscriptions.price(id) ?? meters.price(id),
  },
  {
    what: 'GET /v1/billing/meters',
    takes: 'status limit starting_after',
    run: ({ meters }, { form }) => meters.listed(form),
  },
  {
    what: 'GET /v1/billing/meters/:id',
    takes: '',
    run: ({ meters }, { id }) => meters.meter(id),
  },
  {
    what: 'GET /v1/billing/meters/:id/event_summaries',
    takes: 'customer start_time end_time limit',
    run: ({ meters }, { id, form }) => meters.summaries(id, form),
  },
  {
    what: METER_EVENTS,
    takes: 'event_name identifier timestamp payload',
    run: ({ meters }, { form }) => meters.createEvent(form),
  },
  {
    what: 'GET /v1/subscriptions',
    takes: 'customer price status limit starting_after',
    run: ({ subscriptions }, { form }) => listed(subscriptions.of(form), form),
  },
  {
    what: 'GET /v1/subscription_items',
    takes: 'subscription limit starting_after',
    run: ({ subscriptions }, { form }) => listed(subscriptions.itemsOf(form), form),
  },
  {
    what: 'POST /v1/subscription_items/:id',
    takes: 'quantity proration_behavior',
    run: ({ subscriptions }, { id, form }) => subscriptions.updateItem(id, form),
  },
  {
    what: 'POST /v1/invoices',
    takes:
      'customer currency collection_method auto_advance pending_invoice_items_behavior days_until_due automatic_tax description metadata',
    run: ({ invoices }, { form }) => invoices.create(form),
  },
  {
    what: 'GET /v1/invoices',
    takes: 'customer created limit starting_after',
    run: ({ invoices }, { form }) => listed(invoices.of(form), form),
  },
  {
    what: 'GET /v1/invoices/:id',
    takes: '',
    run: ({ invoices }, { id }) => invoices.read(id),
  },
  {
    what: 'POST /v1/invoices/:id/finalize',
    takes: 'auto_advance',
    run: ({ invoices }, { id }) => invoices.finalize(id),
  },
  {
    what: 'POST /v1/invoices/:id/void',
    takes: '',
    run: ({ invoices }, { id }) => invoices.void(id),
  },
  {
    what: 'DELETE /v1/invoices/:id',
    takes: '',
    run: ({ invoices }, { id }) => invoices.delete(id),
  },
  {
    what: 'POST /v1/invoiceitems',
    takes: 'customer currency amount invoice description discountable period metadata',
    run: ({ invoices }, { form }) => invoices.createItem(form),
  },
  {
    what: 'GET /v1/invoiceitems',
    takes: 'customer created limit starting_after',
    run: ({ invoices }, { form }) => listed(invoices.itemsOf(form), form),
  },
  {
    what: 'DELETE /v1/invoiceitems/:id',
    takes: '',
    run: ({ invoices }, { id }) => invoices.deleteItem(id),
  },
  {
    what: 'GET /v1/disputes/:id',
    takes: 'expand',
    run: (books, { id, form }) => books.shownDispute(id, form['expand[0]']),
  },
]

type Call = {
  readonly what: string
  /** Names of parameters. */
  readonly takes: string
  run(books: FakeBooks, asked: { readonly id: string; readonly form: Form }): object
}

export type Form = Readonly<Record<string, string>>
function page<T>(rows: readonly T[], show: (row: T) => object): object {
  return { object: 'list', has_more: false, data: rows.map(show) }
}

/** The newest first, page by page. */
function listed(all: readonly { readonly id: string }[], form: Form): object {
  const newest = all.toReversed()
  const start = newest.findIndex(({ id }) => id === form.starting_after) + 1
  const data = newest.slice(start, start + Number(form.limit ?? 10))
  return { object: 'list', has_more: start + data.length < newest.length, data }
}
