import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEnvironment } from '../../api/environment.tsx'
import type { Policy } from '../../api/records.ts'
import { strategiesQuery } from '../../components/control.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PageLink, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, StateBadge, Time } from '../../ui/values.tsx'
import { Coverage } from './Coverage.tsx'
import { PolicyActions } from './PolicyActions.tsx'
import { PolicyResults } from './PolicyResults.tsx'
import { coversWords, stateOfPolicy } from './policies-list.tsx'
import { policyQuery } from './policy-query.ts'
import { COUNTINGS, countingOf, limitWords } from './policy-values.ts'

export function PolicyPage() {
  const environment = useEnvironment()
  const { policyKey } = useParams({ strict: false }) as { policyKey: string }
  return (
    <RealTime>
      <Loaded query={policyQuery(environment, policyKey)} height={520}>
        {(policy) => <PolicyRecord policy={policy} />}
      </Loaded>
    </RealTime>
  )
}

function PolicyRecord({ policy }: { readonly policy: Policy }) {
  const { paths } = useEnvironment()
  const { id, key, name, priority, withoutAnswer, deadlineMs, createdAt } = policy
  return (
    <RecordPage
      title={<bdi>{name}</bdi>}
      badge={<StateBadge state={stateOfPolicy(policy)} />}
      sentence={<Id value={key} whole />}
      record={policy}
      call={`GET /api/v1/control/policies/${encodeURIComponent(key)}`}
      actions={<PolicyActions policy={policy} />}
      facts={{
        Covers: <bdi>{coversWords(policy)}</bdi>,
        Strategy: <StrategyFact id={policy.strategyId} />,
        Priority: priority,
        'Without an answer': `${withoutAnswer === 'allow' ? 'goes through' : 'is refused'} after ${deadlineMs} ms`,
        Made: <Time at={createdAt} />,
        Changes: (
          <PageLink to={`${paths.audit}?target=${encodeURIComponent(id)}`}>
            in the audit log
          </PageLink>
        ),
      }}
    >
      <PolicyResults policy={policy} />
      <Section title="Limits">
        <Limits limits={policy.limits} />
      </Section>
      <Section title="Metering">
        <Metering rules={policy.metering} />
      </Section>
      {policy.archivedAt === null && <Coverage title="Endpoints that it covers" holding={policy} />}
    </RecordPage>
  )
}

function StrategyFact({ id }: { readonly id: string | null }) {
  const environment = useEnvironment()
  const { data: strategies } = useQuery(strategiesQuery(environment))
  if (id === null) return 'by network'
  const strategy = strategies?.find((one) => one.id === id)
  return (
    <PageLink to={environment.paths.strategies}>
      <bdi>{strategy?.name ?? id}</bdi>
    </PageLink>
  )
}

function Limits({ limits }: { readonly limits: Policy['limits'] }) {
  if (limits.length === 0)
    return <EmptyState title="No limit">It refuses nobody but who is blocked.</EmptyState>
  return (
    <DataTable
      label="Limits"
      rows={limits}
      rowId={({ name }) => name}
      columns={[
        { id: 'name', header: 'Limit', value: ({ name }) => name },
        { id: 'requests', header: 'Requests', value: limitWords },
        {
          id: 'algorithm',
          header: 'Counted by',
          value: (limit) => COUNTINGS[countingOf(limit)],
        },
      ]}
    />
  )
}

function Metering({ rules }: { readonly rules: Policy['metering'] }) {
  if (rules.length === 0)
    return <EmptyState title="Nothing is metered">Its requests are no usage.</EmptyState>
  return (
    <DataTable
      label="Metering rules"
      rows={rules}
      rowId={({ id }) => id}
      columns={[
        {
          id: 'event',
          header: 'Event',
          value: ({ event }) => event,
          cell: ({ event }) => <bdi>{event}</bdi>,
        },
        {
          id: 'quantity',
          header: 'How much a request is',
          value: ({ quantity }) => quantity,
          cell: ({ quantity }) => <code>{quantity}</code>,
        },
        { id: 'when', header: 'Of answers with', value: ({ when }) => when.join(', ') },
        { id: 'id', header: 'Rule', value: ({ id }) => id, cell: ({ id }) => <Id value={id} /> },
      ]}
    />
  )
}
