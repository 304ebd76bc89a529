import { answered } from '../../api/client.ts'
import type { InvoiceSummary } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { formatPeriod } from '../../ui/format.ts'
import { Id, Money, Nothing, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'
import { InvoiceBadge } from './InvoiceBadge.tsx'

export const invoicesList: ListDefinition<InvoiceSummary> = {
  name: 'invoices',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/invoices', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  exportAddress: (_, filters) =>
    `/api/v1/exports/invoices?${new URLSearchParams({ ...filters, format: 'csv' })}`,
  rowId: ({ id }) => id,
  filters: [
    { name: 'status', label: 'Status', options: ['draft', 'finalized', 'paid', 'failed', 'void'] },
    {
      name: 'overdue',
      label: 'Overdue',
      options: [
        { value: 'true', label: 'yes' },
        { value: 'false', label: 'no' },
      ],
    },
    { name: 'number', label: 'Number', placeholder: 'INV-000001' },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
    { name: 'subscriptionId', label: 'Subscription', placeholder: 'sub_…' },
  ],
  columns: [
    {
      id: 'number',
      header: 'Number',
      value: ({ number, id }) => number ?? id,
      cell: ({ number }) => number ?? 'Draft',
    },
    {
      id: 'status',
      header: 'Status',
      value: ({ status }) => status,
      cell: (invoice) => <InvoiceBadge invoice={invoice} />,
    },
    customerColumn,
    {
      id: 'period',
      header: 'Period',
      value: ({ periodStart }) => periodStart,
      cell: ({ periodStart, periodEnd }) => formatPeriod(periodStart, periodEnd),
    },
    { id: 'kind', header: 'Kind', value: ({ kind }) => kind.replace('_', '-'), isExtra: true },
    {
      id: 'due',
      header: 'Due',
      value: ({ dueAt }) => dueAt,
      cell: ({ dueAt }) => (dueAt ? <Time at={dueAt} /> : <Nothing />),
    },
    {
      id: 'total',
      header: 'Total',
      align: 'right',
      value: ({ totalMinor }) => BigInt(totalMinor),
      cell: ({ totalMinor, currency }) => <Money amountMinor={totalMinor} currency={currency} />,
    },
    { id: 'currency', header: 'Currency', value: ({ currency }) => currency, isExtra: true },
    {
      id: 'id',
      header: 'Id',
      value: ({ id }) => id,
      cell: ({ id }) => <Id value={id} />,
      isExtra: true,
    },
  ],
}
