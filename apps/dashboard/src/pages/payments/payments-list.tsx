import { majorText } from '@usageflow/pricing'
import { answered } from '../../api/client.ts'
import type { ListedPayment } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Id, Money, Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'
import { DisputeBadge } from './DisputeBadge.tsx'
import { failureWords } from './failure-words.ts'

/** What is said of a payment where its invoice is known. */
export const paymentColumns: readonly Column<ListedPayment>[] = [
  {
    id: 'status',
    header: 'Status',
    value: ({ status }) => status,
    cell: ({ status }) => <StateBadge state={status} />,
  },
  { id: 'kind', header: 'Kind', value: ({ kind }) => kind },
  {
    id: 'by',
    header: 'By',
    value: ({ paymentMethodLabel, provider }) => paymentMethodLabel ?? provider,
    cell: ({ paymentMethodLabel, provider }) =>
      paymentMethodLabel ??
      (provider === 'manual' ? 'recorded by hand' : (provider ?? <Nothing />)),
  },
  {
    id: 'code',
    header: 'Failure',
    value: ({ failureCode }) => failureCode,
    cell: ({ failureCode }) =>
      failureCode === null ? (
        <Nothing />
      ) : (
        <span title={failureCode}>{failureWords(failureCode)}</span>
      ),
  },
  {
    id: 'dispute',
    header: 'Dispute',
    value: ({ disputes: [dispute] }) => dispute?.status ?? null,
    cell: ({ disputes: [dispute] }) => (dispute ? <DisputeBadge dispute={dispute} /> : <Nothing />),
  },
  {
    id: 'at',
    header: 'When',
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'amount',
    header: 'Amount',
    align: 'right',
    value: ({ amountMinor }) => BigInt(amountMinor),
    exported: ({ amountMinor, currency }) => majorText(BigInt(amountMinor), currency),
    cell: ({ amountMinor, currency }) => <Money amountMinor={amountMinor} currency={currency} />,
  },
]

export const paymentsList: ListDefinition<ListedPayment> = {
  name: 'payments',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/payments', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    {
      name: 'status',
      label: 'Status',
      options: ['pending', 'succeeded', 'failed', 'action_required', 'canceled'],
    },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
    { name: 'invoiceId', label: 'Invoice', placeholder: 'inv_…' },
  ],
  columns: [
    {
      id: 'invoice',
      header: 'Invoice',
      value: ({ invoiceNumber, invoiceId }) => invoiceNumber ?? invoiceId,
    },
    customerColumn,
    ...paymentColumns,
    { id: 'currency', header: 'Currency', value: ({ currency }) => currency, isExtra: true },
    {
      id: 'origin',
      header: 'Begun by',
      value: ({ origin }) => (origin === 'schedule' ? 'the schedule' : 'a request'),
      isExtra: true,
    },
    {
      id: 'ref',
      header: 'At the provider',
      value: ({ providerRef }) => providerRef,
      cell: ({ providerRef }) => (providerRef ? <Id value={providerRef} /> : <Nothing />),
      isExtra: true,
    },
    {
      id: 'id',
      header: 'Id',
      value: ({ id }) => id,
      cell: ({ id }) => <Id value={id} />,
      isExtra: true,
    },
  ],
}
