import { Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import type { Alert } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

export function RemoveAlert({ alert }: { readonly alert: Alert }) {
  const [isOpen, setOpen] = useState(false)
  const remove = useAction(
    (alertId: string, { environment: { api }, headers }) =>
      answered(api.DELETE('/api/v1/alerts/{alertId}', { params: { path: { alertId } }, headers })),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="billing:write"
        size="compact-xs"
        variant="default"
        aria-label={`Remove the alert ${alert.name}`}
        onClick={() => setOpen(true)}
      >
        Remove
      </GuardedButton>
      <ConfirmDialog
        title="Remove the alert?"
        action="Remove"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => remove.mutate(alert.id)}
        isRunning={remove.isPending}
        error={remove.error}
      >
        <Text>
          Nobody is told of “<bdi>{alert.name}</bdi>” any more, and what was told by it goes as
          well.
        </Text>
      </ConfirmDialog>
    </>
  )
}
