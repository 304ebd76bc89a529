import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { callAccount } from '../../api/client.ts'
import { ApiError, messageOf } from '../../api/errors.ts'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { BlockSkeleton } from '../../ui/states.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall, useEnter } from './account-call.ts'
import { OutboxLink } from './OutboxLink.tsx'

/** Where the link of the message leads that proves an address. */
export function VerifyEmailPage() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string }
  const { isPending, error } = useQuery({
    queryKey: ['verify-email', token],
    queryFn: async () => {
      await callAccount('GET', `/api/auth/verify-email?${new URLSearchParams({ token })}`)
      return true
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY, // the link works once
  })
  if (isPending)
    return (
      <AccountCard title="One moment">
        <BlockSkeleton height={36} />
      </AccountCard>
    )
  if (error instanceof ApiError && error.code === 'auth.password_needed')
    return <PasswordStep token={token} />
  if (error)
    return (
      <AccountCard title="This link does not work" sentence={messageOf(error)}>
        <PageLink to={publicPaths.signIn}>Sign in, and ask for another</PageLink>
        <OutboxLink />
      </AccountCard>
    )
  return (
    <AccountCard title="Your address is confirmed" sentence="You are in.">
      <Button component={Link} to="/">
        Go on
      </Button>
    </AccountCard>
  )
}

/** The link was opened in another browser than the account was made in: anybody may have made it. */
function PasswordStep({ token }: { readonly token: string }) {
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const prove = useAccountCall<{ token: string; password: string }>('/api/auth/verify-email', enter)
  return (
    <AccountCard
      title="Confirm your address"
      sentence="The account was made in another browser. Enter the password that you have chosen there."
    >
      <Form
        isGuarded={false}
        action="Confirm"
        isRunning={prove.isPending}
        error={prove.error}
        onSubmit={() => prove.mutate({ token, password })}
      >
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
      </Form>
      <PageLink to={publicPaths.forgotPassword}>
        You did not make it, or forgot the password? Choose a new one
      </PageLink>
    </AccountCard>
  )
}
