import { Badge, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { type Member, membersQuery } from '../../api/organization.ts'
import { sessionQuery } from '../../api/session.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { Time } from '../../ui/values.tsx'
import { ChangeRole } from './ChangeRole.tsx'
import { RemoveMember } from './RemoveMember.tsx'
import { whyNotTake } from './roles.ts'

export const membersList: ListDefinition<Member> = {
  name: 'members',
  fetchPage: async (environment) => ({
    data: await membersQuery(environment).queryFn(),
    nextCursor: null,
  }),
  rowId: ({ userId }) => userId,
  columns: [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: (member) => <Name member={member} />,
    },
    { id: 'email', header: 'E-mail', value: ({ email }) => email },
    { id: 'role', header: 'Role', value: ({ role }) => role },
    {
      id: 'joined',
      header: 'Joined',
      value: ({ joinedAt }) => joinedAt,
      cell: ({ joinedAt }) => <Time at={joinedAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (member) => <MemberActions member={member} />,
    },
  ],
}

function Name({ member }: { readonly member: Member }) {
  const { data: session } = useQuery(sessionQuery)
  return (
    <Group gap="xs" wrap="nowrap">
      <Text component="bdi" fw={500}>
        {member.name}
      </Text>
      {member.userId === session?.user.id && (
        <Badge variant="default" size="sm" tt="none">
          you
        </Badge>
      )}
    </Group>
  )
}

function MemberActions({ member }: { readonly member: Member }) {
  const environment = useEnvironment()
  const { data: session } = useQuery(sessionQuery)
  const { data: members = [member] } = useQuery(membersQuery(environment))
  const refusal = whyNotTake(environment.organization.role, member, members)
  return (
    <Group gap={6} wrap="nowrap">
      <ChangeRole member={member} refusal={refusal} />
      {member.userId !== session?.user.id && <RemoveMember member={member} refusal={refusal} />}
    </Group>
  )
}
