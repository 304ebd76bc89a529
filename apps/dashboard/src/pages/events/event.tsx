import { Table } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { UsageEvent } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PageLink, Section } from '../../ui/page.tsx'
import { Id, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { CustomerName } from '../customers/CustomerName.tsx'
import { EventActions } from './EventActions.tsx'
import { WayOfEvent } from './EventWay.tsx'
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
        Customer: (
          <PageLink to={paths.customer(event.customerId)}>
            <CustomerName customerId={event.customerId} />
          </PageLink>
        ),
        Amount: <Quantity value={counted.amount} />,
        Used: <Time at={counted.timestamp} exact />,
        'Idempotency key':
          event.idempotencyKey === null ? <Nothing /> : <Id value={event.idempotencyKey} />,
      }}
    >
      <Section title="Its whole way">
        <WayOfEvent event={event} />
      </Section>
      <Section title="Properties">
        <Properties metadata={counted.metadata} />
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
