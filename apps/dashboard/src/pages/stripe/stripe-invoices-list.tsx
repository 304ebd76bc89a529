import { answered } from '../../api/client.ts'
import type { StripeInvoice } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, Money, Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'
import { reasonColumn } from './reason-column.tsx'

const REFRESH_MS = 5_000

export const INVOICE_STATES = [
  ...(['waiting', 'sending', 'sent', 'paid', 'refused', 'withdrawing', 'withdrawn'] as const),
]

/** What becomes of invoices at Stripe. */
export const stripeInvoicesList: ListDefinition<StripeInvoice> = {
  name: 'stripe-invoices',
  refreshMs: REFRESH_MS,
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/stripe/invoices', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ invoiceId }) => invoiceId,
  filters: [
    { name: 'state', label: 'State', options: INVOICE_STATES },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
  ],
  columns: [
    {
      id: 'invoice',
      header: 'Invoice',
      value: ({ invoiceId }) => invoiceId,
      cell: ({ invoiceId }) => <Id value={invoiceId} />,
    },
    customerColumn,
    {
      id: 'amount',
      header: 'Due',
      align: 'right',
      value: ({ amountMinor }) => amountMinor,
      cell: ({ amountMinor, currency }) => <Money amountMinor={amountMinor} currency={currency} />,
    },
    {
      id: 'state',
      header: 'State',
      value: ({ state }) => state,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    reasonColumn(),
    {
      id: 'status',
      header: 'Its invoice at Stripe',
      value: ({ stripeInvoiceStatus }) => stripeInvoiceStatus,
      cell: ({ stripeInvoiceStatus }) =>
        stripeInvoiceStatus === null ? <Nothing /> : <span>{stripeInvoiceStatus}</span>,
    },
    {
      id: 'sent',
      header: 'Sent',
      value: ({ sentAt }) => sentAt,
      cell: ({ sentAt }) => <Time at={sentAt} />,
    },
    {
      id: 'attempts',
      header: 'Tries',
      align: 'right',
      isExtra: true,
      value: ({ attempts }) => attempts,
    },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ],
}
