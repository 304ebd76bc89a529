import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Policy, Strategy } from '../../api/records.ts'
import { ArchiveButton, archiveState, nameColumns } from '../../components/archivable.tsx'
import { policiesQuery } from '../../components/control.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { PageLink } from '../../ui/page.tsx'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { EditStrategy } from './StrategyForm.tsx'
import { sourceWords } from './strategy-values.ts'

export const strategiesList: ListDefinition<Strategy> = {
  name: 'strategies',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/control/strategies', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    ...nameColumns('Strategy'),
    {
      id: 'sources',
      header: 'Finds the customer in',
      value: ({ sources }) => sourceWords(sources),
      cell: ({ sources }) => <bdi>{sourceWords(sources)}</bdi>,
    },
    {
      id: 'users',
      header: 'Used by',
      value: () => null,
      cell: (strategy) => <Users strategy={strategy} />,
    },
    {
      id: 'state',
      header: 'State',
      value: archiveState,
      cell: (strategy) => <StateBadge state={archiveState(strategy)} />,
    },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (strategy) => <Actions strategy={strategy} />,
    },
  ],
}

/** The policies in force that have it; undefined until they are known. */
function useUsers({ id }: Strategy): readonly Policy[] | undefined {
  const { data: policies } = useQuery(policiesQuery(useEnvironment()))
  return policies?.filter(({ strategyId, archivedAt }) => strategyId === id && archivedAt === null)
}

function Users({ strategy }: { readonly strategy: Strategy }) {
  const { paths } = useEnvironment()
  const users = useUsers(strategy) ?? []
  if (users.length === 0) return <Nothing />
  return (
    <Group gap={8}>
      {users.map(({ id, key, name }) => (
        <PageLink key={id} to={paths.policy(key)}>
          <bdi>{name}</bdi>
        </PageLink>
      ))}
    </Group>
  )
}

function Actions({ strategy }: { readonly strategy: Strategy }) {
  const users = useUsers(strategy)
  const names = users?.map(({ name }) => `“${name}”`).join(', ')
  return (
    <Group gap={6} wrap="nowrap">
      <EditStrategy strategy={strategy} />
      <ArchiveButton
        named={strategy}
        permission="control:write"
        refusal={names ? `It is used by ${names}: give them another one first.` : null}
        meaning="No policy can be given it any more."
        archive={({ environment: { api }, headers }) =>
          answered(
            api.POST('/api/v1/control/strategies/{strategy}/archive', {
              ...{ params: { path: { strategy: strategy.id } }, headers },
            }),
          )
        }
      />
    </Group>
  )
}
