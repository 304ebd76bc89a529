import { PasswordInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { publicPaths } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall } from './account-call.ts'
import { passwordProblem } from './password.ts'

/** Where the link of the message leads that lets somebody in again. */
export function ResetPasswordPage() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string }
  const navigate = useNavigate()
  const [newPassword, setNewPassword] = useState('')
  const reset = useAccountCall<{ newPassword: string; token: string }>(
    '/api/auth/reset-password',
    () => navigate({ to: publicPaths.signIn }),
  )
  return (
    <AccountCard title="A new password" sentence="Then sign in with it.">
      <Form
        isGuarded={false}
        action="Set the password"
        isRunning={reset.isPending}
        error={reset.error}
        onSubmit={() => reset.mutate({ newPassword, token })}
      >
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          value={newPassword}
          error={passwordProblem(newPassword)}
          onChange={(event) => setNewPassword(event.currentTarget.value)}
        />
      </Form>
    </AccountCard>
  )
}
