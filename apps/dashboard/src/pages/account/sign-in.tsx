import { Anchor, Group, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery, signInOptionsQuery } from '../../api/session.ts'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall, useEnter } from './account-call.ts'

/** E-mail and password, then the code of the second factor if there is one. */
export function SignInPage() {
  const [needsCode, setNeedsCode] = useState(false)
  const { data: session } = useQuery(sessionQuery)
  if (session) return <Navigate to="/" />
  return needsCode ? <CodeStep /> : <PasswordStep onCode={() => setNeedsCode(true)} />
}

function PasswordStep({ onCode }: { readonly onCode: () => void }) {
  const { data: options } = useQuery(signInOptionsQuery)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const signIn = useAccountCall<
    { email: string; password: string },
    { twoFactorRedirect?: boolean } | null
  >('/api/auth/sign-in/email', (answer) => (answer?.twoFactorRedirect ? onCode() : enter()))
  const canSignUp = options !== undefined && options.signUp !== 'closed'
  return (
    <AccountCard
      title="Sign in"
      sentence={
        canSignUp && (
          <>
            New here? <PageLink to={publicPaths.signUp}>Make an account</PageLink>
          </>
        )
      }
    >
      <Form
        action="Sign in"
        isRunning={signIn.isPending}
        error={signIn.error}
        onSubmit={() => signIn.mutate({ email, password })}
      >
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <Group justify="flex-end" mt={-8}>
          <PageLink to={publicPaths.forgotPassword}>Forgot your password?</PageLink>
        </Group>
      </Form>
    </AccountCard>
  )
}

function CodeStep() {
  const [isBackup, setBackup] = useState(false)
  const [code, setCode] = useState('')
  const enter = useEnter()
  const verify = useAccountCall<{ code: string }>(
    isBackup ? '/api/auth/two-factor/verify-backup-code' : '/api/auth/two-factor/verify-totp',
    enter,
  )
  return (
    <AccountCard
      title="Second factor"
      sentence={
        isBackup
          ? 'One of the codes that you kept when you set it up. It works once.'
          : 'The six digits that your authenticator shows now.'
      }
    >
      <Form
        action="Go on"
        isRunning={verify.isPending}
        error={verify.error}
        onSubmit={() => verify.mutate({ code: code.trim() })}
      >
        <TextInput
          label={isBackup ? 'Backup code' : 'Code'}
          autoComplete="one-time-code"
          inputMode={isBackup ? 'text' : 'numeric'}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          data-autofocus
        />
        <Anchor component="button" type="button" onClick={() => setBackup(!isBackup)} ta="left">
          {isBackup ? 'Use the authenticator' : 'Use a backup code'}
        </Anchor>
      </Form>
    </AccountCard>
  )
}
