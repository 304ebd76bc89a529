import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { membersQuery } from '../../api/organization.ts'
import type { Block } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, Nothing, Time } from '../../ui/values.tsx'
import { CustomerLink } from '../customers/CustomerName.tsx'
import { BlockBadge } from './BlockBadge.tsx'
import { LiftBlock } from './LiftBlock.tsx'

export const blocksList: ListDefinition<Block> = {
  name: 'blocks',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/control/blocks', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ blockId }) => blockId,
  filters: [
    { name: 'kind', label: 'Kind', options: ['customer', 'network'] },
    { name: 'id', label: 'Whom', placeholder: 'user_123' },
  ],
  columns: [
    {
      id: 'whom',
      header: 'Whom',
      value: ({ id }) => id,
      cell: ({ kind, id }) =>
        kind === 'customer' ? <CustomerLink customerId={id} /> : <Id value={id} whole />,
    },
    { id: 'kind', header: 'Kind', value: ({ kind }) => kind },
    {
      id: 'state',
      header: 'State',
      value: ({ until }) => until ?? 'blocked',
      cell: (block) => <BlockBadge block={block} />,
    },
    {
      id: 'reason',
      header: 'Why',
      value: ({ reason }) => reason,
      cell: ({ reason }) => (reason === '' ? <Nothing /> : <bdi>{reason}</bdi>),
    },
    {
      id: 'until',
      header: 'Until',
      value: ({ until }) => until,
      cell: ({ until }) => (until === null ? 'it is lifted' : <Time at={until} />),
    },
    {
      id: 'actor',
      header: 'Who',
      value: ({ actor }) => actor?.id ?? null,
      cell: ({ actor }) => (actor === null ? <Nothing /> : <Who actor={actor} />),
    },
    {
      id: 'created',
      header: 'Since',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (block) => <LiftBlock block={block} />,
    },
  ],
}

/** A member by name; keys are not asked for, since each reading of their list is noted. */
function Who({ actor }: { readonly actor: NonNullable<Block['actor']> }) {
  const { data: members } = useQuery(membersQuery(useEnvironment()))
  const member = members?.find(({ userId }) => userId === actor.id)
  if (member) return <bdi>{member.name}</bdi>
  return <Id value={actor.id} />
}
