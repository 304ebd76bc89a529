import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { StripeSyncRecord } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'
import { reasonColumn } from './reason-column.tsx'
import { triggersQuery } from './stripe-queries.ts'
import { TriggerName } from './triggers-list.tsx'

const REFRESH_MS = 5_000

export const RECORD_STATES = ['waiting', 'sending', 'sent', 'refused', 'carried'] as const

/** Everything that Stripe is told, piece by piece. */
export const syncRecordsList: ListDefinition<StripeSyncRecord> = {
  name: 'stripe-sync-records',
  refreshMs: REFRESH_MS,
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/stripe/sync-records', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    { name: 'state', label: 'State', options: RECORD_STATES },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
  ],
  columns: [
    {
      id: 'hour',
      header: 'From', // an hour of usage, or the period of a subscription
      value: ({ hour }) => hour,
      cell: ({ hour }) => <Time at={hour} exact />,
    },
    customerColumn,
    {
      id: 'meter',
      header: 'Meter',
      value: ({ triggerId }) => triggerId,
      cell: ({ triggerId }) => <MeterOfTrigger triggerId={triggerId} />,
    },
    {
      id: 'state',
      header: 'State',
      value: ({ state }) => state,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    reasonColumn(),
    {
      id: 'quantity',
      header: 'Used',
      align: 'right',
      isExtra: true, // where several meters stand among each other
      value: ({ quantity }) => quantity,
      cell: ({ quantity }) => <Quantity value={quantity} />,
    },
    {
      id: 'value',
      header: 'For Stripe',
      align: 'right',
      value: ({ value }) => value,
      cell: ({ value }) => <Quantity value={value} />,
    },
    {
      id: 'sent',
      header: 'Sent',
      value: ({ sentAt }) => sentAt,
      cell: ({ sentAt }) => <Time at={sentAt} />,
    },
    {
      id: 'attempts',
      header: 'Tries',
      align: 'right',
      isExtra: true,
      value: ({ attempts }) => attempts,
    },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'identifier',
      header: 'Identifier',
      isExtra: true,
      value: ({ identifier }) => identifier,
      cell: ({ identifier }) => <Id value={identifier} />,
    },
    {
      id: 'id',
      header: 'Id',
      isExtra: true,
      value: ({ id }) => id,
      cell: ({ id }) => <Id value={id} />,
    },
  ],
}

/** The same where it is clear of which meter they are. */
export const recordsOfTrigger: typeof syncRecordsList = {
  ...syncRecordsList,
  columns: syncRecordsList.columns
    .filter(({ id }) => id !== 'meter')
    .map((column) => (column.id === 'quantity' ? { ...column, isExtra: false } : column)),
}

function MeterOfTrigger({ triggerId }: { readonly triggerId: string }) {
  const { data } = useQuery(triggersQuery(useEnvironment()))
  const trigger = data?.find(({ id }) => id === triggerId)
  return trigger ? <TriggerName trigger={trigger} /> : <Id value={triggerId} />
}
