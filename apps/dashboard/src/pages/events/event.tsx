import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Meter, UsageEvent } from '../../api/records.ts'
import { metersQuery } from '../../components/catalog.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PageLink, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { EventActions } from './EventActions.tsx'
import { stateOfEvent } from './events-list.tsx'

function eventQuery({ api, key }: Environment, eventId: string) {
  return {
    queryKey: [...key, 'events', eventId],
    queryFn: () => answered(api.GET('/api/v1/events/{eventId}', { params: { path: { eventId } } })),
  }
}

export function EventPage() {
  const environment = useEnvironment()
  const { eventId } = useParams({ strict: false }) as { eventId: string }
  return (
    <Loaded query={eventQuery(environment, eventId)} height={480}>
      {(event) => <EventRecord event={event} />}
    </Loaded>
  )
}

function EventRecord({ event }: { readonly event: UsageEvent }) {
  const { paths } = useEnvironment()
  const counted = event.effective ?? event
  return (
    <RecordPage
      title={event.name}
      badge={<StateBadge state={stateOfEvent(event)} />}
      sentence={<Id value={event.eventId} whole />}
      record={event}
      call={`GET /api/v1/events/${event.eventId}`}
      actions={<EventActions event={event} />}
      facts={{
        Customer: <PageLink to={paths.customer(event.customerId)}>{event.customerId}</PageLink>,
        Amount: <Quantity value={counted.amount} />,
        Used: <Time at={counted.timestamp} exact />,
        'Idempotency key':
          event.idempotencyKey === null ? <Nothing /> : <Id value={event.idempotencyKey} />,
      }}
    >
      <Section title="Properties">
        <Properties metadata={counted.metadata} />
      </Section>
      <Section title="Meters that read it">
        <ReadingMeters event={event} />
      </Section>
      {event.corrections.length > 0 && (
        <Section title="Corrections">
          <DataTable
            label="Corrections"
            rows={event.corrections}
            rowId={({ at }) => at}
            columns={[
              { id: 'kind', header: 'Correction', value: ({ kind }) => kind },
              { id: 'reason', header: 'Reason', value: ({ reason }) => reason },
              { id: 'amount', header: 'Amount', value: ({ amount }) => amount ?? null },
              {
                id: 'at',
                header: 'When',
                value: ({ at }) => at,
                cell: ({ at }) => <Time at={at} />,
              },
            ]}
          />
        </Section>
      )}
    </RecordPage>
  )
}

function Properties({ metadata }: { readonly metadata: UsageEvent['metadata'] }) {
  const entries = Object.entries(metadata)
  if (entries.length === 0) return <Nothing />
  return (
    <Table aria-label="Properties" withRowBorders>
      <Table.Tbody>
        {entries.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w={220} fw={500}>
              {name}
            </Table.Th>
            <Table.Td>{typeof value === 'string' ? value : JSON.stringify(value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** By name; what a filter says of the properties, the meter's own page shows. */
function ReadingMeters({ event }: { readonly event: UsageEvent }) {
  const environment = useEnvironment()
  const { data: meters = [] } = useQuery(metersQuery(environment))
  const reading = meters.filter(({ eventName }) => eventName === event.name)
  if (reading.length === 0)
    return (
      <EmptyState title="No meter reads it">
        It is stored, and a meter of “{event.name}” that is made later counts it as well.
      </EmptyState>
    )
  return (
    <DataTable<Meter>
      label="Meters"
      rows={reading}
      rowId={({ id }) => id}
      rowHref={({ key }) => environment.paths.meter(key)}
      columns={[
        { id: 'name', header: 'Meter', value: ({ name }) => name },
        { id: 'aggregation', header: 'Counts', value: ({ aggregation }) => aggregation },
        {
          id: 'filter',
          header: 'Filter',
          value: ({ filter }) => (filter === null ? 'all events' : 'some of the events'),
        },
      ]}
    />
  )
}
