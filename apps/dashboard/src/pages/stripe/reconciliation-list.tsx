import { answered } from '../../api/client.ts'
import type { StripeReconciliation } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { Quantity, StateBadge } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'

/** Of each customer a call of Stripe: asked when somebody looks, and not again by itself. */
export const reconciliationList: ListDefinition<StripeReconciliation> = {
  name: 'stripe-reconciliation',
  isCostly: true,
  fetchPage: ({ api }, { filters: { triggerId = '', from = '', to = '', customerId }, ...page }) =>
    answered(
      api.GET('/api/v1/stripe/triggers/{triggerId}/reconciliation', {
        params: {
          path: { triggerId },
          query: {
            ...{ from, to },
            ...(customerId === undefined ? {} : { customerId }),
            ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
          },
        },
        signal: page.signal,
      }),
    ),
  rowId: ({ customerId }) => customerId,
  filters: [{ name: 'customerId', label: 'Customer', placeholder: 'customer id' }],
  columns: [
    customerColumn,
    {
      id: 'quantity',
      header: 'Used',
      align: 'right',
      value: ({ quantity }) => quantity,
      cell: ({ quantity }) => <Quantity value={quantity} />,
    },
    valueColumn('sent', 'Sent', ({ sent }) => sent),
    valueColumn('waiting', 'Waiting', ({ waiting, sending }) =>
      String(BigInt(waiting) + BigInt(sending)),
    ),
    valueColumn('refused', 'Refused', ({ refused }) => refused),
    valueColumn('atStripe', 'At Stripe', ({ atStripe }) => atStripe),
    {
      id: 'difference',
      header: 'Difference',
      align: 'right',
      value: ({ difference }) => difference,
      cell: ({ difference }) => <Difference difference={difference} />,
    },
  ],
}

/** In whole units of Stripe. */
function valueColumn(
  id: string,
  header: string,
  read: (row: StripeReconciliation) => string | null,
): Column<StripeReconciliation> {
  return {
    ...{ id, header, align: 'right' },
    value: read,
    cell: (row) => <Quantity value={read(row)} />,
  }
}

function Difference({ difference }: Pick<StripeReconciliation, 'difference'>) {
  if (difference === null) return <>not linked</>
  if (difference === '0') return <StateBadge state="equal" />
  const size = formatQuantity(difference.replace('-', ''))
  const label = difference.startsWith('-') ? `${size} missing at Stripe` : `${size} more at Stripe`
  return <StateBadge state="different" label={label} />
}
