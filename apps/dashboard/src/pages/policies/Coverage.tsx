import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import type { Policy } from '../../api/records.ts'
import { endpointsQuery, policiesQuery } from '../../components/control.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { PageLink, Section } from '../../ui/page.tsx'
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/states.tsx'
import { EndpointName, endpointName } from '../endpoints/EndpointName.tsx'
import { type Covered, coverageOf, type Holding } from './coverage.ts'

const TYPING_MS = 300
const SHOWN_MAX = 30

/** Which of the endpoints that are known a policy covers, and which policies stand in its way or give way to it. */
export function Coverage({
  holding,
  title,
}: {
  readonly holding: Holding
  readonly title: string
}) {
  const environment = useEnvironment()
  const [settled] = useDebouncedValue(holding, TYPING_MS)
  const { data: endpoints, error, refetch } = useQuery(endpointsQuery(environment))
  const { data: policies } = useQuery(policiesQuery(environment))
  return (
    <Section title={title}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !endpoints || !policies ? (
        <RowsSkeleton rows={4} />
      ) : (
        <Endpoints covered={coverageOrReason(settled, endpoints, policies)} />
      )}
    </Section>
  )
}

/** What is covered; a text: why nothing is. */
function coverageOrReason(
  holding: Holding,
  ...known: [Parameters<typeof coverageOf>[1], readonly Policy[]]
): readonly Covered[] | string {
  if (holding.url === '') return 'Say which requests, and the endpoints among them appear here.'
  try {
    return coverageOf(holding, ...known)
  } catch (error) {
    if (error instanceof RangeError) return `${error.message}.`
    throw error
  }
}

function Endpoints({ covered }: { readonly covered: readonly Covered[] | string }) {
  if (typeof covered === 'string') return <EmptyState title="Nothing yet">{covered}</EmptyState>
  if (covered.length === 0)
    return (
      <EmptyState title="No known endpoint">
        No route that your applications have, or that was asked for, is covered. What they do not
        have yet will be.
      </EmptyState>
    )
  return (
    <div aria-live="polite">
      <DataTable
        label="Endpoints that it covers"
        rows={covered.slice(0, SHOWN_MAX)}
        rowId={({ endpoint: { id } }) => id}
        columns={COLUMNS}
      />
      {covered.length > SHOWN_MAX && (
        <Text size="xs" c="dimmed" mt="xs">
          And {covered.length - SHOWN_MAX} more.
        </Text>
      )}
    </div>
  )
}

const COLUMNS: readonly Column<Covered>[] = [
  {
    id: 'endpoint',
    header: 'Endpoint',
    value: ({ endpoint }) => endpointName(endpoint),
    cell: ({ endpoint }) => <EndpointName endpoint={endpoint} />,
  },
  {
    id: 'application',
    header: 'Application',
    value: ({ endpoint }) => endpoint.application,
    cell: ({ endpoint }) => <bdi>{endpoint.application}</bdi>,
  },
  {
    id: 'requests',
    header: 'Requests, 24 h',
    align: 'right',
    value: ({ endpoint }) => endpoint.requests,
    cell: ({ endpoint }) => formatQuantity(String(endpoint.requests)),
  },
  {
    id: 'holds',
    header: 'Holds',
    value: ({ held }) => held?.name ?? 'this one',
    cell: (covered) => <WhoHolds covered={covered} />,
  },
]

function WhoHolds({ covered: { held, taken } }: { readonly covered: Covered }) {
  if (held) return <Other policy={held} before="not this:" after="comes first" />
  if (taken) return <Other policy={taken} before="this one, instead of" />
  return 'this one'
}

function Other({
  policy: { key, name },
  before,
  after = '',
}: {
  readonly policy: Policy
  readonly before: string
  readonly after?: string
}) {
  const { paths } = useEnvironment()
  return (
    <span>
      {before}{' '}
      <PageLink to={paths.policy(key)} isInText>
        <bdi>{name}</bdi>
      </PageLink>{' '}
      {after}
    </span>
  )
}
