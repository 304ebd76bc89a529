import { ListPage } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { NewStrategy } from './StrategyForm.tsx'
import { strategiesList } from './strategies-list.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/control/strategies \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"key": "by-user", "name": "By user", "sources": [{"from": "header", "name": "x-user-id"}]}'`

/** How services tell who is calling. */
export function StrategiesPage() {
  return (
    <RealTime>
      <ListPage
        list={strategiesList}
        title="Strategies"
        sentence="Where in a request the name of the customer stands. Policies choose one."
        action={<NewStrategy />}
        empty={
          <EmptyState title="No strategy yet" action={<NewStrategy />} example={EXAMPLE}>
            Without one, policies tell callers apart by network: they can limit them, and meter
            nobody.
          </EmptyState>
        }
      />
    </RealTime>
  )
}
