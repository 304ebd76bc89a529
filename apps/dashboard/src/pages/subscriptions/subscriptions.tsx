import { useEnvironment } from '../../api/environment.tsx'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { subscriptionsList } from './subscriptions-list.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/subscriptions \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"customerId": "user_123", "plan": "pro"}'`

export function SubscriptionsPage() {
  const { paths } = useEnvironment()
  const action = (
    <GuardedButton permission="billing:write" to={paths.newSubscription}>
      New subscription
    </GuardedButton>
  )
  return (
    <ListPage
      list={subscriptionsList}
      title="Subscriptions"
      sentence="Who is on which plan, and since when. Their periods are what is invoiced."
      action={action}
      rowHref={({ id }) => paths.subscription(id)}
      empty={
        <EmptyState title="No subscriptions yet" action={action} example={EXAMPLE}>
          A subscription puts a customer on a plan. From then on its usage is billed, period by
          period.
        </EmptyState>
      }
    />
  )
}
