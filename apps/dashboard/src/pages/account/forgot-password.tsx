import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall } from './account-call.ts'
import { OutboxLink } from './OutboxLink.tsx'

/** Sends a link to a new password. Whether there is such an account is not told. */
export function ForgotPasswordPage() {
  const [email, setEmail] = useState('')
  const [isSent, setSent] = useState(false)
  const request = useAccountCall<{ email: string; redirectTo: string }>(
    '/api/auth/request-password-reset',
    () => setSent(true),
  )
  if (isSent)
    return (
      <AccountCard
        title="Look into your mail"
        sentence={`If ${email} has an account, a link to a new password is on its way.`}
      >
        <OutboxLink />
        <PageLink to={publicPaths.signIn}>Back to sign in</PageLink>
      </AccountCard>
    )
  return (
    <AccountCard title="A new password" sentence="We send you a link that works for an hour.">
      <Form
        isGuarded={false}
        action="Send the link"
        isRunning={request.isPending}
        error={request.error}
        cancel={<PageLink to={publicPaths.signIn}>Back to sign in</PageLink>}
        onSubmit={() => request.mutate({ email, redirectTo: '/reset-password' })}
      >
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      </Form>
    </AccountCard>
  )
}
