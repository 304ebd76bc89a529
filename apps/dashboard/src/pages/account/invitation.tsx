import { Button, Group, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { callAccount } from '../../api/client.ts'
import { messageOf } from '../../api/errors.ts'
import type { paths } from '../../api/schema.gen.ts'
import { type Session, sessionQuery } from '../../api/session.ts'
import { pathsOf, publicPaths } from '../../paths.ts'
import { FormError } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { BlockSkeleton } from '../../ui/states.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall } from './account-call.ts'
import { pendingInvitation } from './pending-invitation.ts'

type Invitation =
  paths['/api/v1/invitation']['get']['responses'][200]['content']['application/json']

/** Where the link of an invitation leads, for whoever opens it. */
export function InvitationPage() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string }
  const { data: session, isPending: isUnknown } = useQuery(sessionQuery)
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () =>
      callAccount<Invitation>('GET', '/api/v1/invitation', {
        headers: { 'usageflow-invitation': token },
      }),
    retry: false,
  })
  if (invitation.isPending || isUnknown)
    return (
      <AccountCard title="One moment">
        <BlockSkeleton height={36} />
      </AccountCard>
    )
  if (!invitation.data) return <Refused error={invitation.error} />
  if (!session) return <Stranger token={token} invitation={invitation.data} />
  if (session.user.email !== invitation.data.email)
    return <SomebodyElse session={session} token={token} invitation={invitation.data} />
  return <Accept token={token} invitation={invitation.data} />
}

function Refused({ error }: { readonly error: unknown }) {
  useEffect(pendingInvitation.forget, [])
  return (
    <AccountCard title="This invitation does not work" sentence={messageOf(error)}>
      <PageLink to="/">To the dashboard</PageLink>
    </AccountCard>
  )
}

type Shown = { readonly token: string; readonly invitation: Invitation }

function titleOf({ organization }: Invitation): string {
  return `Join ${organization}`
}

function Stranger({ token, invitation }: Shown) {
  const { inviter, email, role } = invitation
  return (
    <AccountCard
      title={titleOf(invitation)}
      sentence={
        <>
          <bdi>{inviter ?? 'Somebody'}</bdi> invites {email} to be {role}. Make an account with that
          address, or sign in.
        </>
      }
    >
      <Group>
        <Button
          component={Link}
          to={publicPaths.signUp}
          search={{ invitation: token, email } as never}
        >
          Make an account
        </Button>
        <Button
          component={Link}
          variant="default"
          to={publicPaths.signIn}
          search={{ next: addressOf(token) } as never}
        >
          Sign in
        </Button>
      </Group>
    </AccountCard>
  )
}

function SomebodyElse({ session, token, invitation }: Shown & { readonly session: Session }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const signOut = useAccountCall<object>('/api/auth/sign-out', async () => {
    queries.clear()
    await navigate({ to: publicPaths.signIn, search: { next: addressOf(token) } as never })
  })
  return (
    <AccountCard
      title="This invitation is for somebody else"
      sentence={`It was sent to ${invitation.email}, and you are signed in as ${session.user.email}.`}
    >
      <Stack>
        <FormError error={signOut.error} />
        <Group>
          <Button loading={signOut.isPending} onClick={() => signOut.mutate({})}>
            Sign in as {invitation.email}
          </Button>
          <Button component={Link} to="/" variant="default" onClick={pendingInvitation.forget}>
            Stay
          </Button>
        </Group>
      </Stack>
    </AccountCard>
  )
}

function Accept({ token, invitation }: Shown) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const accept = useAccountCall<{ token: string }, { organizationId: string }>(
    '/api/v1/invitations/accept',
    async ({ organizationId }) => {
      pendingInvitation.forget()
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await navigate({ to: pathsOf({ organizationId, mode: 'live' }).overview })
    },
  )
  return (
    <AccountCard
      title={titleOf(invitation)}
      sentence={
        <>
          <bdi>{invitation.inviter ?? 'Somebody'}</bdi> invites you to be {invitation.role}.
        </>
      }
    >
      <Stack>
        <FormError error={accept.error} />
        <Group>
          <Button loading={accept.isPending} onClick={() => accept.mutate({ token })}>
            Join
          </Button>
          <Button component={Link} to="/" variant="default" onClick={pendingInvitation.forget}>
            Not now
          </Button>
        </Group>
      </Stack>
    </AccountCard>
  )
}

function addressOf(token: string): string {
  return `${publicPaths.invitation}?${new URLSearchParams({ token })}`
}
