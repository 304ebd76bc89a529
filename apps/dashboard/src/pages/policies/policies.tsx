import { useEnvironment } from '../../api/environment.tsx'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { policiesList } from './policies-list.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/control/policies \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"key": "free-tier", "name": "Free tier", "url": "/api/*", "mode": "shadow",
       "limits": [{"name": "hourly", "limit": 1000, "window": "1h"}]}'`

/** What holds for the requests to one's services. */
export function PoliciesPage() {
  const { paths } = useEnvironment()
  const action = (
    <GuardedButton permission="control:write" to={paths.newPolicy}>
      New policy
    </GuardedButton>
  )
  return (
    <RealTime>
      <ListPage
        list={policiesList}
        title="Policies"
        sentence="Whose requests are, how many go through, and what of them is usage. The first that covers a request holds."
        action={action}
        rowHref={({ key }) => paths.policy(key)}
        empty={
          <EmptyState title="No policy yet" action={action} example={EXAMPLE}>
            Until there is one, everything goes through and nothing is metered. A new one begins in
            shadow: it decides, lets everything through, and shows whom it would have refused.
          </EmptyState>
        }
      />
    </RealTime>
  )
}
