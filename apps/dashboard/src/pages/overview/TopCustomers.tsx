import { useEnvironment } from '../../api/environment.tsx'
import type { Overview } from '../../api/records.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Money } from '../../ui/values.tsx'
import { nameOfCustomer } from '../customers/names.ts'

export function TopCustomers({ overview }: { readonly overview: Overview }) {
  const { paths } = useEnvironment()
  if (overview.topCustomers.length === 0)
    return (
      <EmptyState title="No invoices yet">
        Who is invoiced most appears here with the first invoice.
      </EmptyState>
    )
  return (
    <DataTable
      label="Top customers"
      rows={overview.topCustomers}
      rowId={({ customerId, currency }) => `${customerId} ${currency}`}
      rowHref={({ customerId }) => paths.customer(customerId)}
      columns={[
        {
          id: 'customer',
          header: 'Customer',
          value: ({ customerId, name }) =>
            customerId === name ? nameOfCustomer(customerId) : name,
        },
        {
          id: 'total',
          header: 'Invoiced',
          align: 'right',
          value: ({ amountMinor }) => BigInt(amountMinor),
          cell: ({ amountMinor, currency }) => (
            <Money amountMinor={amountMinor} currency={currency} />
          ),
        },
      ]}
    />
  )
}
