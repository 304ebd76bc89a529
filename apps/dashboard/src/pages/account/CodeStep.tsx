import { Anchor, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Form } from '../../ui/form.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall, useEnter } from './account-call.ts'

/** The second factor of somebody whose first was accepted. */
export function CodeStep() {
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
        isGuarded={false}
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
