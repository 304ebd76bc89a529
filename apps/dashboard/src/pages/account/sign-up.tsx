import { PasswordInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { signInOptionsQuery } from '../../api/session.ts'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall, useEnter } from './account-call.ts'

const PASSWORD_CHARACTERS_MIN = 8

export function SignUpPage() {
  const { data: options } = useQuery(signInOptionsQuery)
  if (options?.signUp === 'closed')
    return (
      <AccountCard
        title="By invitation"
        sentence="This server makes accounts for those only who were invited. Ask a colleague to invite you."
      >
        <PageLink to={publicPaths.signIn}>Sign in</PageLink>
      </AccountCard>
    )
  return <SignUpForm isFirst={options?.signUp === 'first_owner'} />
}

function SignUpForm({ isFirst }: { readonly isFirst: boolean }) {
  const [token, setToken] = useState('')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const signUp = useAccountCall<{ name: string; email: string; password: string }>(
    '/api/auth/sign-up/email',
    enter,
    isFirst ? { 'usageflow-first-owner-token': token.trim() } : {},
  )
  const isShort = password !== '' && password.length < PASSWORD_CHARACTERS_MIN
  return (
    <AccountCard
      title="Make an account"
      sentence={
        <>
          You have one? <PageLink to={publicPaths.signIn}>Sign in</PageLink>
        </>
      }
    >
      <Form
        action="Make the account"
        isRunning={signUp.isPending}
        error={signUp.error}
        onSubmit={() => signUp.mutate({ name, email, password })}
      >
        {isFirst && (
          <TextInput
            label="Token of the first start"
            description="The server printed it when it was started for the first time"
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Name"
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          value={password}
          error={isShort ? `At least ${PASSWORD_CHARACTERS_MIN} characters` : null}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          Any words you like, as long as they are many.
        </Text>
      </Form>
    </AccountCard>
  )
}
