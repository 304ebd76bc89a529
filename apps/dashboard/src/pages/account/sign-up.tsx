import { PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { signInOptionsQuery } from '../../api/session.ts'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall, useEnter } from './account-call.ts'
import { OutboxLink } from './OutboxLink.tsx'
import { passwordProblem } from './password.ts'
import { pendingInvitation } from './pending-invitation.ts'

type Account = { readonly name: string; readonly email: string; readonly password: string }

/** Whoever comes from an invitation brings its token, and the address it was sent to. */
type Invited = { readonly invitation?: string; readonly email?: string }

export function SignUpPage() {
  const { data: options } = useQuery(signInOptionsQuery)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const { invitation, email = '' } = useSearch({ strict: false }) as Invited
  if (options?.signUp === 'closed' && invitation === undefined)
    return (
      <AccountCard
        title="By invitation"
        sentence="This server makes accounts for those only who were invited. Ask a colleague to invite you."
      >
        <PageLink to={publicPaths.signIn}>Sign in</PageLink>
      </AccountCard>
    )
  if (sentTo !== null)
    return (
      <AccountCard
        title="Look into your mail"
        sentence={`We have sent a link to ${sentTo}. Open it to confirm that the address is yours.`}
      >
        <OutboxLink />
        <PageLink to={publicPaths.signIn}>Back to sign in</PageLink>
      </AccountCard>
    )
  return (
    <SignUpForm
      isFirst={options?.signUp === 'first_owner'}
      invitation={invitation}
      invited={email}
      onSent={(to) => {
        if (invitation !== undefined) pendingInvitation.keep(invitation)
        setSentTo(to)
      }}
    />
  )
}

function SignUpForm({
  isFirst,
  invitation,
  invited,
  onSent,
}: {
  readonly isFirst: boolean
  readonly invitation: string | undefined
  readonly invited: string
  readonly onSent: (email: string) => void
}) {
  const [token, setToken] = useState('')
  const [account, setAccount] = useState<Account>({ name: '', email: invited, password: '' })
  const enter = useEnter()
  const signIn = useAccountCall<Omit<Account, 'name'>>('/api/auth/sign-in/email', enter)
  const signUp = useAccountCall<Account>(
    '/api/auth/sign-up/email',
    // Whoever has the token of the first start need not prove an address as well.
    (_, { email, password }) => (isFirst ? signIn.mutate({ email, password }) : onSent(email)),
    {
      ...(isFirst ? { 'usageflow-first-owner-token': token.trim() } : {}),
      ...(invitation === undefined ? {} : { 'usageflow-invitation': invitation }),
    },
  )
  const change = (changes: Partial<Account>): void => setAccount({ ...account, ...changes })
  return (
    <AccountCard
      title={isFirst ? 'The first account' : 'Make an account'}
      sentence={
        <>
          You have one? <PageLink to={publicPaths.signIn}>Sign in</PageLink>
        </>
      }
    >
      <Form
        isGuarded={false}
        action="Make the account"
        isRunning={signUp.isPending || signIn.isPending}
        error={signUp.error ?? signIn.error}
        onSubmit={() => signUp.mutate(account)}
      >
        {isFirst && (
          <TextInput
            label="Token of the first start"
            description="The server showed it when it was started for the first time"
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Name"
          autoComplete="name"
          value={account.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={account.email}
          readOnly={invited !== ''}
          description={invited && 'The address that the invitation was sent to'}
          onChange={(event) => change({ email: event.currentTarget.value })}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          value={account.password}
          error={passwordProblem(account.password)}
          onChange={(event) => change({ password: event.currentTarget.value })}
        />
      </Form>
    </AccountCard>
  )
}
