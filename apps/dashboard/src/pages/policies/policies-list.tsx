import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Policy, PolicySums } from '../../api/records.ts'
import { allPolicies, policySums, strategiesQuery } from '../../components/control.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { Id, Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { inOrder } from './coverage.ts'
import { refusals, shareOf, sumOf } from './decisions.ts'
import { limitWords } from './policy-values.ts'

/** A policy, and what it did in the last day. */
export type ListedPolicy = Policy & Pick<PolicySums, 'requests' | 'modes'>

export const stateOfPolicy = ({ mode, archivedAt }: Policy): string =>
  archivedAt === null ? mode : 'archived'

export const policiesList: ListDefinition<ListedPolicy> = {
  name: 'policies',
  // Read whole, since the order in which they are asked is one of all of them.
  fetchPage: async (environment, { filters }) => ({
    data: await listed(environment, filters),
    nextCursor: null,
  }),
  rowId: ({ id }) => id,
  filters: [
    { name: 'mode', label: 'Mode', options: ['enforce', 'shadow', 'off'] },
    { name: 'application', label: 'Application', placeholder: 'shop-api' },
  ],
  columns: [
    { id: 'name', header: 'Policy', value: ({ name }) => name },
    {
      id: 'covers',
      header: 'Covers',
      value: coversWords,
      cell: (policy) => <bdi>{coversWords(policy)}</bdi>,
    },
    {
      id: 'mode',
      header: 'Mode',
      value: stateOfPolicy,
      cell: (policy) => <StateBadge state={stateOfPolicy(policy)} />,
    },
    {
      id: 'strategy',
      header: 'Strategy',
      value: ({ strategyId }) => strategyId,
      cell: ({ strategyId }) => <StrategyName id={strategyId} />,
    },
    {
      id: 'limits',
      header: 'Limits',
      value: ({ limits }) => limits.map(limitWords).join('; '),
      cell: ({ limits }) => <Lines lines={limits.map(limitWords)} />,
    },
    {
      id: 'metering',
      header: 'Meters',
      value: ({ metering }) => metering.map(({ event }) => event).join(', '),
      cell: ({ metering }) => <Lines lines={metering.map(({ event }) => event)} />,
    },
    {
      id: 'requests',
      header: 'Requests, 24 h',
      align: 'right',
      value: ({ requests }) => requests,
      cell: ({ requests }) => (requests === null ? <Nothing /> : formatQuantity(String(requests))),
    },
    {
      id: 'refused',
      header: 'Refused',
      align: 'right',
      value: ({ modes }) => refusals(sumOf(modes, 'enforce')),
      cell: (policy) => <Refused policy={policy} mode="enforce" />,
    },
    {
      id: 'shadow',
      header: 'Would be refused',
      align: 'right',
      value: ({ modes }) => refusals(sumOf(modes, 'shadow')),
      cell: (policy) => <Refused policy={policy} mode="shadow" />,
    },
    {
      id: 'priority',
      header: 'Priority',
      isExtra: true,
      align: 'right',
      value: ({ priority }) => priority,
    },
    {
      id: 'key',
      header: 'Key',
      isExtra: true,
      value: ({ key }) => key,
      cell: ({ key }) => <Id value={key} whole />,
    },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ],
}

/** In the order in which they are asked, archived ones last. */
async function listed(
  environment: Environment,
  { mode, application }: Readonly<Record<string, string>>,
): Promise<readonly ListedPolicy[]> {
  const [policies, sums] = await Promise.all([allPolicies(environment), policySums(environment)])
  const sumsOf = new Map(sums.map((one) => [one.policyId, one]))
  const rows = inOrder(policies)
    .filter((policy) => mode === undefined || policy.mode === mode)
    .filter((policy) => application === undefined || policy.application === application)
    .map((policy) => {
      const { requests = null, modes = [] } = sumsOf.get(policy.id) ?? {}
      return { ...policy, requests, modes }
    })
  return [
    ...rows.filter(({ archivedAt }) => archivedAt === null),
    ...rows.filter(({ archivedAt }) => archivedAt !== null),
  ]
}

export function coversWords({ method, url, application }: Policy): string {
  const requests = method === '*' ? url : `${method} ${url}`
  return application === null ? requests : `${requests} of ${application}`
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return <Nothing />
  return (
    <Stack gap={0}>
      {[...new Set(lines)].map((line) => (
        <bdi key={line}>{line}</bdi>
      ))}
    </Stack>
  )
}

function StrategyName({ id }: { readonly id: string | null }) {
  const { data: strategies } = useQuery(strategiesQuery(useEnvironment()))
  if (id === null) return 'by network'
  const strategy = strategies?.find((one) => one.id === id)
  return strategy ? <bdi>{strategy.name}</bdi> : <Id value={id} />
}

function Refused({
  policy: { modes, requests, mode: current, archivedAt },
  mode,
}: {
  readonly policy: ListedPolicy
  readonly mode: 'enforce' | 'shadow'
}) {
  const count = refusals(sumOf(modes, mode))
  if (count === 0 && (current !== mode || archivedAt !== null)) return <Nothing />
  const share = shareOf(count, requests)
  return `${formatQuantity(String(count))}${share === null || count === 0 ? '' : ` (${share})`}`
}
