import { Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { ApiKey } from '../../api/organization.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

export function RevokeKey({ apiKey }: { readonly apiKey: ApiKey }) {
  const { organizationId } = useEnvironment()
  const [isOpen, setOpen] = useState(false)
  const revoke = useAction(
    (keyId: string, { environment: { api } }) =>
      answered(
        api.DELETE('/api/v1/organizations/{organizationId}/keys/{keyId}', {
          params: { path: { organizationId, keyId } },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="keys:write"
        size="compact-xs"
        variant="default"
        aria-label={`Revoke ${apiKey.name}`}
        onClick={() => setOpen(true)}
      >
        Revoke
      </GuardedButton>
      <ConfirmDialog
        title={`Revoke ${apiKey.name}?`}
        action="Revoke"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => revoke.mutate(apiKey.id)}
        isRunning={revoke.isPending}
        error={revoke.error}
        typed={apiKey.lastFour}
      >
        <Text>
          Programs with the key that ends in {apiKey.lastFour} are refused within a second. This
          cannot be taken back.
        </Text>
      </ConfirmDialog>
    </>
  )
}
