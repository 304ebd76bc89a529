import { Group, Modal, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { type Invitation, invitationsQuery, membersQuery } from '../../api/organization.ts'
import { useNow } from '../../clock.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { InvitationLink } from './InviteButton.tsx'
import { whyNotGrant } from './roles.ts'

export const invitationsList: ListDefinition<Invitation> = {
  name: 'invitations',
  fetchPage: async (environment) => ({
    data: await invitationsQuery(environment).queryFn(),
    nextCursor: null,
  }),
  rowId: ({ id }) => id,
  columns: [
    { id: 'email', header: 'E-mail', value: ({ email }) => email },
    { id: 'role', header: 'Role', value: ({ role }) => role },
    {
      id: 'by',
      header: 'Invited by',
      value: ({ invitedBy }) => invitedBy,
      cell: (invitation) => <Inviter invitation={invitation} />,
    },
    {
      id: 'expires',
      header: 'Good until',
      value: ({ expiresAt }) => expiresAt,
      cell: (invitation) => <Until invitation={invitation} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (invitation) => (
        <Group gap={6} wrap="nowrap">
          <Resend invitation={invitation} />
          <Revoke invitation={invitation} />
        </Group>
      ),
    },
  ],
}

function Inviter({ invitation }: { readonly invitation: Invitation }) {
  const { data: members } = useQuery(membersQuery(useEnvironment()))
  const inviter = members?.find(({ userId }) => userId === invitation.invitedBy)
  return inviter ? <bdi>{inviter.name}</bdi> : <Nothing />
}

function Until({ invitation: { expiresAt } }: { readonly invitation: Invitation }) {
  const isOver = new Date(expiresAt) <= useNow()
  return isOver ? <StateBadge state="failed" label="expired" /> : <Time at={expiresAt} />
}

function useRoleRefusal({ role }: Invitation): string | null {
  return whyNotGrant(useEnvironment().organization.role, role)
}

function Resend({ invitation }: { readonly invitation: Invitation }) {
  const { organizationId } = useEnvironment()
  const resend = useAction((invitationId: string, { environment: { api } }) =>
    answered(
      api.POST('/api/v1/organizations/{organizationId}/invitations/{invitationId}/resend', {
        params: { path: { organizationId, invitationId } },
      }),
    ),
  )
  return (
    <>
      <GuardedButton
        permission="members:write"
        refusal={useRoleRefusal(invitation)}
        size="compact-xs"
        variant="default"
        aria-label={`Send the invitation of ${invitation.email} again`}
        loading={resend.isPending}
        onClick={() => resend.mutate(invitation.id)}
      >
        Send again
      </GuardedButton>
      <Modal
        opened={resend.data !== undefined || resend.error !== null}
        onClose={resend.reset}
        title={resend.error ? 'Not sent' : 'Sent again'}
      >
        {resend.error && <ErrorState error={resend.error} />}
        {resend.data && <InvitationLink {...resend.data} close={resend.reset} />}
      </Modal>
    </>
  )
}

function Revoke({ invitation }: { readonly invitation: Invitation }) {
  const { organizationId } = useEnvironment()
  const [isOpen, setOpen] = useState(false)
  const revoke = useAction(
    (invitationId: string, { environment: { api } }) =>
      answered(
        api.DELETE('/api/v1/organizations/{organizationId}/invitations/{invitationId}', {
          params: { path: { organizationId, invitationId } },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="members:write"
        refusal={useRoleRefusal(invitation)}
        size="compact-xs"
        variant="default"
        aria-label={`Take back the invitation of ${invitation.email}`}
        onClick={() => setOpen(true)}
      >
        Take back
      </GuardedButton>
      <ConfirmDialog
        title="Take the invitation back?"
        action="Take back"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => revoke.mutate(invitation.id)}
        isRunning={revoke.isPending}
        error={revoke.error}
      >
        <Text>The link that {invitation.email} was sent opens nothing any more.</Text>
      </ConfirmDialog>
    </>
  )
}
