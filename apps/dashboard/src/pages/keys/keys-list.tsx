import { Code, Group, Text } from '@mantine/core'
import { type ApiKey, keysQuery } from '../../api/organization.ts'
import { readNow, useNow } from '../../clock.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { StateBadge, Time } from '../../ui/values.tsx'
import { stateOfKey } from './key-state.ts'
import { RevokeKey } from './RevokeKey.tsx'
import { RotateKey } from './RotateKey.tsx'
import { scopesText } from './scopes.ts'

const STATES = ['active', 'ending', 'expired', 'revoked'] as const

export const keysList: ListDefinition<ApiKey> = {
  name: 'api-keys',
  isCostly: true,
  fetchPage: async (environment, { filters }) => {
    const keys = await keysQuery(environment).queryFn()
    const now = readNow()
    const data = keys.filter(
      (key) =>
        (filters.mode === undefined || filters.mode === key.mode) &&
        (filters.state === undefined || filters.state === stateOfKey(key, now)),
    )
    return { data, nextCursor: null }
  },
  rowId: ({ id }) => id,
  filters: [
    { name: 'mode', label: 'Environment', options: ['live', 'test'] },
    { name: 'state', label: 'State', options: STATES },
  ],
  columns: [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Text component="bdi" fw={500}>
          {name}
        </Text>
      ),
    },
    {
      id: 'key',
      header: 'Key',
      value: ({ prefix, lastFour }) => `${prefix}…${lastFour}`,
      cell: ({ prefix, lastFour }) => <Code>{`${prefix}…${lastFour}`}</Code>,
    },
    { id: 'mode', header: 'Environment', value: ({ mode }) => mode },
    {
      id: 'state',
      header: 'State',
      value: (key) => stateOfKey(key, readNow()),
      cell: (key) => <KeyState apiKey={key} />,
    },
    { id: 'scopes', header: 'May', value: ({ scopes }) => scopesText(scopes) },
    {
      id: 'used',
      header: 'Last used',
      value: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : 'never'),
    },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'expires',
      header: 'Ends',
      isExtra: true,
      value: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => <Time at={expiresAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (key) => <KeyActions apiKey={key} />,
    },
  ],
}

function KeyState({ apiKey }: { readonly apiKey: ApiKey }) {
  const state = stateOfKey(apiKey, useNow())
  return <StateBadge state={state} />
}

function KeyActions({ apiKey }: { readonly apiKey: ApiKey }) {
  const state = stateOfKey(apiKey, useNow())
  if (state === 'revoked' || state === 'expired') return null
  return (
    <Group gap={6} wrap="nowrap">
      <RotateKey
        apiKey={apiKey}
        refusal={state === 'ending' ? 'It was rotated already: rotate its successor.' : null}
      />
      <RevokeKey apiKey={apiKey} />
    </Group>
  )
}
