import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../api/session.ts'
import { Form } from '../../ui/form.tsx'
import { StateBadge } from '../../ui/values.tsx'
import { useAccountCall } from './account-call.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { type Enrolment, SetUpTwoFactor } from './SetUpTwoFactor.tsx'

type Step = 'none' | 'on' | 'off' | 'codes'

/** A code of the reader's telephone besides the password. */
export function TwoFactor({ isOn }: { readonly isOn: boolean }) {
  const [step, setStep] = useState<Step>('none')
  const close = (): void => setStep('none')
  return (
    <Stack align="flex-start" gap="sm">
      <Group gap="xs">
        <StateBadge state={isOn ? 'enabled' : 'off'} label={isOn ? 'on' : 'off'} />
        <Text c="dimmed">
          {isOn
            ? 'Signing in takes your password and a code of your authenticator.'
            : 'A stolen password alone then opens nothing.'}
        </Text>
      </Group>
      <Group gap="xs">
        {!isOn && <Button onClick={() => setStep('on')}>Set it up</Button>}
        {isOn && (
          <>
            <Button variant="default" onClick={() => setStep('codes')}>
              New recovery codes
            </Button>
            <Button variant="default" onClick={() => setStep('off')}>
              Switch it off
            </Button>
          </>
        )}
      </Group>
      <Modal opened={step === 'on'} onClose={close} title="Set up a second factor">
        {step === 'on' && <Enrol close={close} />}
      </Modal>
      <Modal opened={step === 'off'} onClose={close} title="Switch the second factor off">
        {step === 'off' && <SwitchOff close={close} />}
      </Modal>
      <Modal opened={step === 'codes'} onClose={close} title="New recovery codes">
        {step === 'codes' && <NewCodes close={close} />}
      </Modal>
    </Stack>
  )
}

function Enrol({ close }: { readonly close: () => void }) {
  const enable = useAccountCall<{ password: string }, Enrolment>(
    '/api/auth/two-factor/enable',
    () => undefined,
  )
  if (enable.data) return <SetUpTwoFactor enrolment={enable.data} close={close} />
  return (
    <PasswordFirst
      action="Go on"
      isRunning={enable.isPending}
      error={enable.error}
      onSubmit={(password) => enable.mutate({ password })}
    />
  )
}

function SwitchOff({ close }: { readonly close: () => void }) {
  const queries = useQueryClient()
  const disable = useAccountCall<{ password: string }>('/api/auth/two-factor/disable', async () => {
    close()
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  })
  return (
    <PasswordFirst
      action="Switch it off"
      isRunning={disable.isPending}
      error={disable.error}
      onSubmit={(password) => disable.mutate({ password })}
    />
  )
}

function NewCodes({ close }: { readonly close: () => void }) {
  const renew = useAccountCall<{ password: string }, { backupCodes: readonly string[] }>(
    '/api/auth/two-factor/generate-backup-codes',
    () => undefined,
  )
  if (renew.data) return <RecoveryCodes codes={renew.data.backupCodes} close={close} />
  return (
    <PasswordFirst
      action="Make new codes"
      isRunning={renew.isPending}
      error={renew.error}
      onSubmit={(password) => renew.mutate({ password })}
    />
  )
}

/** Somebody at an unlocked screen is not yet the reader. */
function PasswordFirst({
  action,
  isRunning,
  error,
  onSubmit,
}: {
  readonly action: string
  readonly isRunning: boolean
  readonly error: unknown
  readonly onSubmit: (password: string) => void
}) {
  const [password, setPassword] = useState('')
  return (
    <Form
      isGuarded={false}
      action={action}
      isRunning={isRunning}
      error={error}
      onSubmit={() => onSubmit(password)}
    >
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        data-autofocus
      />
    </Form>
  )
}
