import { useParams } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PageLink, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, StateBadge, Time } from '../../ui/values.tsx'

const REFRESH_MS = 3_000

async function readDelivery({ api }: Environment, deliveryId: string) {
  const delivery = await answered(
    api.GET('/api/v1/webhook-deliveries/{deliveryId}', { params: { path: { deliveryId } } }),
  )
  const fact = await answered(
    api.GET('/api/v1/facts/{factId}', { params: { path: { factId: delivery.factId } } }),
  )
  return { delivery, fact }
}

type Told = Awaited<ReturnType<typeof readDelivery>>

/** One sending of a fact, with every try. */
export function DeliveryPage() {
  const environment = useEnvironment()
  const { deliveryId } = useParams({ strict: false }) as { deliveryId: string }
  return (
    <Loaded
      height={420}
      query={{
        queryKey: [...environment.key, 'webhook-deliveries', deliveryId],
        queryFn: () => readDelivery(environment, deliveryId),
        refetchInterval: ({ state }) =>
          state.data?.delivery.state === 'pending' ? REFRESH_MS : false,
      }}
    >
      {(told) => <DeliveryRecord told={told} />}
    </Loaded>
  )
}

function DeliveryRecord({ told: { delivery, fact } }: { readonly told: Told }) {
  const { paths } = useEnvironment()
  const replay = useAction((_: undefined, { environment: { api }, headers }) =>
    answered(
      api.POST('/api/v1/webhook-deliveries/{deliveryId}/replay', {
        params: { path: { deliveryId: delivery.id } },
        headers,
      }),
    ),
  )
  return (
    <RecordPage
      title={delivery.type}
      badge={<StateBadge state={delivery.state} />}
      sentence={<Id value={delivery.id} whole />}
      record={delivery}
      call={`GET /api/v1/webhook-deliveries/${delivery.id}`}
      actions={
        <GuardedButton
          permission="webhooks:write"
          loading={replay.isPending}
          refusal={delivery.state === 'pending' ? 'It is on its way.' : null}
          onClick={() => replay.mutate(undefined)}
        >
          Send again
        </GuardedButton>
      }
      facts={{
        Endpoint: <PageLink to={paths.webhook(delivery.endpointId)}>to the endpoint</PageLink>,
        Fact: <Id value={delivery.factId} />,
        Tries: delivery.attempts,
        Made: <Time at={delivery.createdAt} />,
        'Next try': <Time at={delivery.nextAttemptAt} />,
      }}
    >
      <Section title="Tries">
        <Tries log={delivery.log} />
      </Section>
      <Section title="What is told">
        <CodeBlock label="What is told" text={JSON.stringify(fact, null, 2)} />
      </Section>
    </RecordPage>
  )
}

function Tries({ log }: { readonly log: Told['delivery']['log'] }) {
  if (log.length === 0)
    return <EmptyState title="No try yet">The first is made within a second or two.</EmptyState>
  return (
    <DataTable
      label="Tries"
      rows={log}
      rowId={({ at }) => at}
      columns={[
        {
          id: 'at',
          header: 'When',
          value: ({ at }) => at,
          cell: ({ at }) => <Time at={at} exact />,
        },
        { id: 'status', header: 'Answer', align: 'right', value: ({ status }) => status },
        {
          id: 'took',
          header: 'Took',
          align: 'right',
          value: ({ durationMs }) => durationMs,
          cell: ({ durationMs }) => `${durationMs} ms`,
        },
        { id: 'error', header: 'What went wrong', value: ({ error }) => error },
        { id: 'response', header: 'It said', value: ({ response }) => response },
      ]}
    />
  )
}
