import { PasswordInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from '../../ui/form.tsx'
import { useAccountCall } from './account-call.ts'
import { passwordProblem } from './password.ts'

const EMPTY = { currentPassword: '', newPassword: '' }

/** Whoever knew the old one is out everywhere. */
export function ChangePassword() {
  const [values, setValues] = useState(EMPTY)
  const queries = useQueryClient()
  const change = useAccountCall<typeof EMPTY & { revokeOtherSessions: true }>(
    '/api/auth/change-password',
    async () => {
      setValues(EMPTY)
      await queries.invalidateQueries()
      notifications.show({ message: 'Your password is changed. Other sessions have ended.' })
    },
  )
  return (
    <Form
      action="Change the password"
      isRunning={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ ...values, revokeOtherSessions: true })}
    >
      <PasswordInput
        label="Password so far"
        autoComplete="current-password"
        value={values.currentPassword}
        onChange={(event) => setValues({ ...values, currentPassword: event.currentTarget.value })}
      />
      <PasswordInput
        label="New password"
        description="All your other sessions end"
        autoComplete="new-password"
        value={values.newPassword}
        error={passwordProblem(values.newPassword)}
        onChange={(event) => setValues({ ...values, newPassword: event.currentTarget.value })}
      />
    </Form>
  )
}
