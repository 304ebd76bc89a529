import { Group, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { sessionQuery } from '../../api/session.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Form } from '../../ui/form.tsx'
import { BlockSkeleton } from '../../ui/states.tsx'
import { useAccountCall } from './account-call.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'

export type Enrolment = { readonly totpURI: string; readonly backupCodes: readonly string[] }

const QrCode = lazy(() => import('../../ui/QrCode.tsx').then((m) => ({ default: m.QrCode })))

/** It is on as soon as the authenticator has shown a right code; then the recovery codes are shown, once. */
export function SetUpTwoFactor({
  enrolment,
  close,
}: {
  readonly enrolment: Enrolment
  readonly close: () => void
}) {
  const [code, setCode] = useState('')
  const queries = useQueryClient()
  const verify = useAccountCall<{ code: string }>(
    '/api/auth/two-factor/verify-totp',
    () => undefined,
  )
  const finish = (): void => {
    close()
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
  if (verify.isSuccess) return <RecoveryCodes codes={enrolment.backupCodes} close={finish} />
  return (
    <Form
      isGuarded={false}
      action="Switch it on"
      isRunning={verify.isPending}
      error={verify.error}
      onSubmit={() => verify.mutate({ code: code.replace(/\s/g, '') })}
    >
      <Text>Let your authenticator read this, or type the secret into it.</Text>
      <Group justify="center">
        <Suspense fallback={<BlockSkeleton height={200} />}>
          <QrCode text={enrolment.totpURI} label="QR code of the secret below" />
        </Suspense>
      </Group>
      <Stack gap={4}>
        <Text size="xs" c="dimmed">
          Secret
        </Text>
        <CodeBlock label="Secret" text={secretOf(enrolment.totpURI)} />
      </Stack>
      <TextInput
        label="Code"
        description="The six digits that it shows now"
        autoComplete="one-time-code"
        inputMode="numeric"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </Form>
  )
}

function secretOf(totpUri: string): string {
  return new URL(totpUri).searchParams.get('secret') ?? ''
}
