import { Anchor, Button, Group, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../../api/errors.ts'
import { sessionQuery, signInOptionsQuery } from '../../api/session.ts'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall, useEnter } from './account-call.ts'
import { CodeStep } from './CodeStep.tsx'
import { SignOnStep } from './SignOnStep.tsx'
import { useBeginSignOn } from './sign-on-call.ts'

/** E-mail and password, then the code of the second factor if there is one; or the issuer of an organization. */
export function SignInPage() {
  const { organization } = useSearch({ strict: false }) as { organization?: string }
  const [step, setStep] = useState<'password' | 'code' | 'sign_on'>(
    organization === undefined ? 'password' : 'sign_on',
  )
  const { data: session } = useQuery(sessionQuery)
  if (session) return <Navigate to="/" />
  if (step === 'code') return <CodeStep />
  if (step === 'sign_on')
    return <SignOnStep organizationId={organization} onPassword={() => setStep('password')} />
  return <PasswordStep onCode={() => setStep('code')} onSignOn={() => setStep('sign_on')} />
}

function PasswordStep({
  onCode,
  onSignOn,
}: {
  readonly onCode: () => void
  readonly onSignOn: () => void
}) {
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
        isGuarded={false}
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
      <MandatorySignOn error={signIn.error} />
      <Anchor component="button" type="button" onClick={onSignOn} ta="left">
        Sign in through your organization
      </Anchor>
    </AccountCard>
  )
}

/** The way on for somebody whose organization takes no passwords. */
function MandatorySignOn({ error }: { readonly error: unknown }) {
  const begin = useBeginSignOn()
  if (!(error instanceof ApiError) || error.code !== 'auth.sign_on_required') return null
  const organizationId = String(error.details.organizationId)
  return (
    <Button
      variant="default"
      loading={begin.isPending}
      onClick={() => begin.mutate({ organizationId })}
    >
      Go to the sign-on of your organization
    </Button>
  )
}
