import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { CustomerName } from '../customers/CustomerName.tsx'
import { figureColumns } from './figure-columns.tsx'

const SHOWN = 50

function customersQuery({ api, key }: Environment, endpoint: string) {
  return {
    queryKey: [...key, 'endpoints', endpoint, 'customers'],
    queryFn: () =>
      answered(
        api.GET('/api/v1/control/endpoints/{endpoint}/customers', {
          params: { path: { endpoint }, query: { limit: SHOWN } },
        }),
      ),
  }
}

/** Whose requests an endpoint had in the last 24 hours, those with the most first. */
export function EndpointCustomers({ endpointId }: { readonly endpointId: string }) {
  const environment = useEnvironment()
  return (
    <Loaded query={customersQuery(environment, endpointId)} height={320}>
      {({ data }) =>
        data.length === 0 ? (
          <EmptyState title="Nobody in the last 24 hours">
            Requests are told by customer as soon as a policy with a strategy says where their names
            stand.
          </EmptyState>
        ) : (
          <DataTable
            label="Customers of the last 24 hours"
            rows={data}
            rowId={({ customerId }) => customerId ?? ''}
            rowHref={({ customerId }) =>
              customerId === null ? undefined : environment.paths.customer(customerId)
            }
            columns={[
              {
                id: 'customer',
                header: 'Customer',
                value: ({ customerId }) => customerId,
                cell: ({ customerId }) =>
                  customerId === null ? 'Nobody known' : <CustomerName customerId={customerId} />,
              },
              ...figureColumns,
            ]}
          />
        )
      }
    </Loaded>
  )
}
