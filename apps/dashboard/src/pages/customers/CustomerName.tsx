import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { PageLink } from '../../ui/page.tsx'
import { nameOfCustomer, nameQuery } from './names.ts'

/** What a customer is called as soon as it is known; until then, and of one without a name, the id. */
export function CustomerName({ customerId }: { readonly customerId: string }) {
  const { data } = useQuery(nameQuery(useEnvironment(), customerId))
  return <bdi title={customerId}>{data || nameOfCustomer(customerId)}</bdi>
}

/** The same, leading to the customer. */
export function CustomerLink({ customerId }: { readonly customerId: string }) {
  return (
    <PageLink to={useEnvironment().paths.customer(customerId)}>
      <CustomerName customerId={customerId} />
    </PageLink>
  )
}

/** Whose a row is; sorted and exported by the id, which programs go by. */
export const customerColumn: Column<{ readonly customerId: string }> = {
  id: 'customer',
  header: 'Customer',
  value: ({ customerId }) => nameOfCustomer(customerId),
  cell: ({ customerId }) => <CustomerName customerId={customerId} />,
}
