import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'
import { metersQuery } from '../../components/catalog.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import type { Column } from '../../ui/data-table.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { Id, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { triggerType } from './trigger-types.ts'

const REFRESH_MS = 5_000

export const triggerState = ({ active }: Pick<StripeTrigger, 'active'>) =>
  active ? 'active' : 'stopped'

/** What a meter is called as soon as that is known; until then its key. */
export function MeterName({ meter }: { readonly meter: string }) {
  const { data } = useQuery(metersQuery(useEnvironment()))
  return <bdi title={meter}>{data?.find(({ key }) => key === meter)?.name ?? meter}</bdi>
}

/** What a trigger tells of: a meter, or invoices. */
export function TriggerName({
  trigger: { meter, type },
}: {
  readonly trigger: Pick<StripeTrigger, 'meter' | 'type'>
}) {
  return meter === null ? <span>{triggerType(type).label}</span> : <MeterName meter={meter} />
}

export const triggersList: ListDefinition<StripeTrigger> = {
  name: 'stripe-triggers',
  refreshMs: REFRESH_MS,
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/stripe/triggers', {
        params: { query: pageQuery({ ...request, filters: {} }) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    {
      id: 'meter',
      header: 'Tells',
      value: ({ meter, type }) => meter ?? type,
      cell: (trigger) => <TriggerName trigger={trigger} />,
    },
    {
      id: 'state',
      header: 'State',
      value: triggerState,
      cell: (trigger) => <StateBadge state={triggerState(trigger)} />,
    },
    { id: 'type', header: 'Type', value: ({ type }) => triggerType(type).label },
    {
      id: 'event',
      header: 'Events at Stripe',
      value: ({ eventName }) => eventName,
      cell: ({ eventName }) => (eventName ? <Id value={eventName} whole /> : <Nothing />),
    },
    {
      id: 'price',
      header: 'Price',
      value: ({ priceId }) => priceId,
      cell: ({ priceId }) => (priceId ? <Id value={priceId} /> : <Nothing />),
    },
    {
      id: 'multiplier',
      header: 'Multiplier',
      align: 'right',
      value: ({ multiplier }) => multiplier,
      cell: ({ multiplier }) => <Quantity value={multiplier} />,
    },
    countColumn('sent', 'Sent', ({ sent }) => sent),
    countColumn('waiting', 'Waiting', ({ waiting, sending }) => waiting + sending),
    countColumn('refused', 'Refused', ({ refused }) => refused),
    { ...countColumn('carried', 'Carried', ({ carried }) => carried), isExtra: true },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    { id: 'account', header: 'Account', isExtra: true, value: ({ accountId }) => accountId },
    {
      id: 'id',
      header: 'Id',
      isExtra: true,
      value: ({ id }) => id,
      cell: ({ id }) => <Id value={id} />,
    },
  ],
}

/** How many records are so. Those that are refused need somebody. */
function countColumn(
  id: string,
  header: string,
  count: (records: StripeTrigger['records']) => number,
): Column<StripeTrigger> {
  return {
    ...{ id, header, align: 'right' },
    value: ({ records }) => count(records),
    cell: ({ records }) => {
      const text = formatQuantity(String(count(records)))
      return id === 'refused' && count(records) > 0 ? (
        <StateBadge state="refused" label={text} />
      ) : (
        <span>{text}</span>
      )
    },
  }
}
