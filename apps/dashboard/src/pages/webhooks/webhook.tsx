import { Alert } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { WebhookEndpoint } from '../../api/records.ts'
import { List } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { deliveriesList } from './deliveries-list.tsx'
import { EndpointActions } from './EndpointActions.tsx'
import { stateOf } from './webhooks.tsx'

function endpointQuery({ api, key }: Environment, endpointId: string) {
  return {
    queryKey: [...key, 'webhook-endpoints', endpointId],
    queryFn: () =>
      answered(
        api.GET('/api/v1/webhook-endpoints/{endpointId}', { params: { path: { endpointId } } }),
      ),
  }
}

export function WebhookPage() {
  const environment = useEnvironment()
  const { endpointId } = useParams({ strict: false }) as { endpointId: string }
  return (
    <Loaded query={endpointQuery(environment, endpointId)} height={420}>
      {(endpoint) => <EndpointRecord endpoint={endpoint} />}
    </Loaded>
  )
}

const REASONS = {
  manual: 'Somebody disabled it.',
  gone: 'It answered 410: nobody is there any more.',
  failing: 'Nothing reached it for five days.',
} as const

function EndpointRecord({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { paths } = useEnvironment()
  return (
    <RecordPage
      title={endpoint.url}
      badge={<StateBadge state={stateOf(endpoint)} />}
      sentence={endpoint.description || <Id value={endpoint.id} whole />}
      record={endpoint}
      call={`GET /api/v1/webhook-endpoints/${endpoint.id}`}
      actions={<EndpointActions endpoint={endpoint} />}
      facts={{
        'Told of': endpoint.eventTypes.join(', ') || 'everything',
        'Failing since': endpoint.failingSince ? <Time at={endpoint.failingSince} /> : <Nothing />,
        Made: <Time at={endpoint.createdAt} />,
      }}
    >
      {endpoint.disabledReason && (
        <Alert color="red" mt="md" title="It is told nothing">
          {REASONS[endpoint.disabledReason]}
        </Alert>
      )}
      <Section title="Deliveries">
        <List
          list={deliveriesList}
          label="Deliveries"
          fixed={{ endpointId: endpoint.id }}
          rowHref={({ id }) => paths.delivery(id)}
          empty={
            <EmptyState title="Nothing was sent yet">
              Send a test to see how your receiver answers.
            </EmptyState>
          }
        />
      </Section>
    </RecordPage>
  )
}
