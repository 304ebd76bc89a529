import { Anchor, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Form } from '../../ui/form.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useBeginSignOn } from './sign-on-call.ts'

/** Sends somebody to the issuer of their organization. */
export function SignOnStep({
  organizationId,
  onPassword,
}: {
  readonly organizationId: string | undefined
  readonly onPassword: () => void
}) {
  const [email, setEmail] = useState('')
  const begin = useBeginSignOn()
  const isNamed = organizationId !== undefined
  return (
    <AccountCard
      title="Sign in through your organization"
      sentence={
        isNamed
          ? 'Its own sign-on asks you who you are, and brings you back.'
          : 'Your address says which organization it is. Its own sign-on brings you back.'
      }
    >
      <Form
        isGuarded={false}
        action="Go on"
        isRunning={begin.isPending || begin.isSuccess}
        error={begin.error}
        onSubmit={() => begin.mutate(isNamed ? { organizationId } : { email: email.trim() })}
      >
        {!isNamed && (
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            data-autofocus
          />
        )}
      </Form>
      <Anchor component="button" type="button" onClick={onPassword} ta="left">
        Sign in with a password
      </Anchor>
    </AccountCard>
  )
}
