import { answered } from '../../api/client.ts'
import type { WebhookDelivery } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, StateBadge, Time } from '../../ui/values.tsx'

export const deliveriesList: ListDefinition<WebhookDelivery> = {
  name: 'webhook-deliveries',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/webhook-deliveries', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [{ name: 'state', label: 'State', options: ['pending', 'delivered', 'failed'] }],
  columns: [
    { id: 'type', header: 'Fact', value: ({ type }) => type },
    {
      id: 'state',
      header: 'State',
      value: ({ state }) => state,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    { id: 'attempts', header: 'Tries', align: 'right', value: ({ attempts }) => attempts },
    {
      id: 'next',
      header: 'Next try',
      value: ({ nextAttemptAt }) => nextAttemptAt,
      cell: ({ nextAttemptAt }) => <Time at={nextAttemptAt} />,
    },
    {
      id: 'created',
      header: 'When',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    { id: 'id', header: 'Id', value: ({ id }) => id, cell: ({ id }) => <Id value={id} /> },
  ],
}
