import { useEnvironment } from '../../api/environment.tsx'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { customersList } from './customers-list.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/customers \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"customerId": "user_123", "name": "Ada Lovelace"}'`

export function CustomersPage() {
  const { paths } = useEnvironment()
  const action = (
    <GuardedButton permission="customers:write" to={paths.newCustomer}>
      New customer
    </GuardedButton>
  )
  return (
    <ListPage
      list={customersList}
      title="Customers"
      sentence="Who you bill, by your own ids. A customer is made by its first event."
      action={action}
      rowHref={({ customerId }) => paths.customer(customerId)}
      empty={
        <EmptyState title="No customers yet" action={action} example={EXAMPLE}>
          Customers appear by themselves with the first event that names them. Make one yourself to
          put it on a plan before it uses anything.
        </EmptyState>
      }
    />
  )
}
