import { Alert, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

/** Says why nothing is billed, and lets whoever has looked into it have billing go on. */
export function ParkedAlert({
  subscriptionId,
  reason,
}: {
  readonly subscriptionId: string
  readonly reason: string
}) {
  const [isOpen, setOpen] = useState(false)
  const unpark = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/subscriptions/{subscriptionId}/unpark', {
          ...{ params: { path: { subscriptionId } }, headers },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <Alert color="red" mt="md" title="Its billing was stopped">
      <Stack gap="sm" align="flex-start">
        <Text>{reason}</Text>
        <GuardedButton permission="billing:write" variant="default" onClick={() => setOpen(true)}>
          Let billing go on
        </GuardedButton>
      </Stack>
      <ConfirmDialog
        title="Let billing go on?"
        action="Let it go on"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => unpark.mutate(undefined)}
        isRunning={unpark.isPending}
        error={unpark.error}
        isDangerous={false}
      >
        <Text>
          Everything that fell due meanwhile is done: periods are closed, and their invoices become
          final. What is still wrong stops it again.
        </Text>
      </ConfirmDialog>
    </Alert>
  )
}
