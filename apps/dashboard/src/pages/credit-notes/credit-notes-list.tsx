import { majorText } from '@usageflow/pricing'
import { answered } from '../../api/client.ts'
import type { ListedCreditNote } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Id, Money, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'

const numberColumn: Column<ListedCreditNote> = {
  id: 'number',
  header: 'Number',
  value: ({ number }) => number,
}

const otherColumns: readonly Column<ListedCreditNote>[] = [
  { id: 'reason', header: 'Reason', value: ({ reason }) => reason },
  {
    id: 'settlement',
    header: 'Settled by',
    value: ({ settlement }) => settlement,
  },
  {
    id: 'at',
    header: 'When',
    value: ({ issuedAt }) => issuedAt,
    cell: ({ issuedAt }) => <Time at={issuedAt} />,
  },
  {
    id: 'total',
    header: 'Amount',
    align: 'right',
    value: ({ totalMinor }) => BigInt(totalMinor),
    exported: ({ totalMinor, currency }) => majorText(BigInt(totalMinor), currency),
    cell: ({ totalMinor, currency }) => <Money amountMinor={totalMinor} currency={currency} />,
  },
]

/** What is said of a credit note where its invoice is known. */
export const creditNoteColumns: readonly Column<ListedCreditNote>[] = [
  numberColumn,
  ...otherColumns,
]

export const creditNotesList: ListDefinition<ListedCreditNote> = {
  name: 'credit-notes',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/credit-notes', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    { name: 'settlement', label: 'Settled by', options: ['credit', 'refund'] },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
    { name: 'invoiceId', label: 'Invoice', placeholder: 'inv_…' },
  ],
  columns: [
    numberColumn,
    {
      id: 'invoice',
      header: 'Of invoice',
      value: ({ invoiceNumber, invoiceId }) => invoiceNumber ?? invoiceId,
    },
    customerColumn,
    ...otherColumns,
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
