import { answered } from '../../api/client.ts'
import type { UsageEvent } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Id, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'

export const eventColumns: readonly Column<UsageEvent>[] = [
  { id: 'name', header: 'Event', value: ({ name }) => name },
  customerColumn,
  {
    id: 'amount',
    header: 'Amount',
    align: 'right',
    value: (event) => (event.effective ?? event).amount,
    cell: (event) => <Quantity value={(event.effective ?? event).amount} />,
  },
  {
    id: 'metadata',
    header: 'Properties',
    value: ({ metadata }) => JSON.stringify(metadata),
    cell: ({ metadata }) => shortMetadata(metadata),
  },
  {
    id: 'state',
    header: 'State',
    value: stateOfEvent,
    cell: (event) => <StateBadge state={stateOfEvent(event)} />,
  },
  {
    id: 'time',
    header: 'When',
    value: ({ timestamp }) => timestamp,
    cell: ({ timestamp }) => <Time at={timestamp} />,
  },
  {
    id: 'id',
    header: 'Id',
    value: ({ eventId }) => eventId,
    cell: ({ eventId }) => <Id value={eventId} />,
    isExtra: true,
  },
  { id: 'key', header: 'Key', value: ({ idempotencyKey }) => idempotencyKey, isExtra: true },
]

export const eventsList: ListDefinition<UsageEvent> = {
  name: 'events',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/events', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ eventId }) => eventId,
  filters: [{ name: 'name', label: 'Event', placeholder: 'API_CALL' }],
  columns: eventColumns,
}

/** What became of an event by now. */
export function stateOfEvent({
  effective,
  corrections,
}: UsageEvent): 'counted' | 'amended' | 'void' {
  if (effective === null) return 'void'
  return corrections.length > 0 ? 'amended' : 'counted'
}

const SHOWN_MAX = 64

function shortMetadata(metadata: UsageEvent['metadata']): string {
  const text = Object.entries(metadata)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? '…' : value}`)
    .join(', ')
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text || '–'
}
