import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Meter } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { type ListDefinition, ListPage } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Id, StateBadge, Time } from '../../ui/values.tsx'

const metersList: ListDefinition<Meter> = {
  name: 'meters',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/meters', { params: { query: pageQuery(request) }, signal: request.signal }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'name', header: 'Meter', value: ({ name }) => name },
    {
      id: 'key',
      header: 'Key',
      value: ({ key }) => key,
      cell: ({ key }) => <Id value={key} whole />,
    },
    { id: 'event', header: 'Event', value: ({ eventName }) => eventName },
    { id: 'aggregation', header: 'Aggregation', value: ({ aggregation }) => aggregation },
    { id: 'unit', header: 'Unit', value: ({ unit }) => unit },
    {
      id: 'state',
      header: 'State',
      value: stateOf,
      cell: (meter) => <StateBadge state={stateOf(meter)} />,
    },
    {
      id: 'created',
      header: 'Made',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ],
}

export function stateOf({ archivedAt, complete }: Meter): string {
  if (archivedAt !== null) return 'archived'
  return complete ? 'active' : 'pending'
}

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/meters \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"key": "API_CALL", "name": "API Calls", "unit": "calls"}'`

export function MetersPage() {
  const { paths } = useEnvironment()
  const action = (
    <GuardedButton permission="catalog:write" to={paths.newMeter}>
      New meter
    </GuardedButton>
  )
  return (
    <ListPage
      list={metersList}
      title="Meters"
      sentence="What is counted of your events, and how. Plans give meters their prices."
      action={action}
      rowHref={({ key }) => paths.meter(key)}
      empty={
        <EmptyState title="No meters yet" action={action} example={EXAMPLE}>
          A meter turns events into a quantity: their number, the sum of their amounts, the highest
          value. It counts the events of before as well, so nothing is lost by making it later.
        </EmptyState>
      }
    />
  )
}
