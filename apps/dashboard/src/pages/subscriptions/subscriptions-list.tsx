import { answered } from '../../api/client.ts'
import type { Subscription } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, StateBadge, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'

export const subscriptionsList: ListDefinition<Subscription> = {
  name: 'subscriptions',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/subscriptions', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    {
      name: 'status',
      label: 'Status',
      options: ['trialing', 'active', 'paused', 'suspended', 'canceled'],
    },
    {
      name: 'parked',
      label: 'Billing',
      options: [
        { value: 'true', label: 'stopped' },
        { value: 'false', label: 'goes on' },
      ],
    },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
  ],
  columns: [
    customerColumn,
    {
      id: 'status',
      header: 'Status',
      value: ({ status }) => status,
      cell: ({ status, parkedReason }) =>
        parkedReason === null ? (
          <StateBadge state={status} />
        ) : (
          <StateBadge state="failed" label="billing stopped" />
        ),
    },
    {
      id: 'plan',
      header: 'Plan',
      value: ({ plan }) => plan,
      cell: ({ plan, planVersion }) => `${plan} v${planVersion}`,
    },
    { id: 'cycle', header: 'Cycle', value: ({ cycle }) => cycle },
    {
      id: 'quantity',
      header: 'Quantity',
      align: 'right',
      value: ({ quantity }) => quantity,
      isExtra: true,
    },
    {
      id: 'started',
      header: 'Started',
      value: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => <Time at={startedAt} />,
    },
    {
      id: 'ends',
      header: 'Ends',
      value: ({ endedAt, cancelAt }) => endedAt ?? cancelAt,
      cell: ({ endedAt, cancelAt }) => <Time at={endedAt ?? cancelAt} />,
    },
    { id: 'id', header: 'Id', value: ({ id }) => id, cell: ({ id }) => <Id value={id} /> },
  ],
}
