import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import type { UsageEvent } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

/** An event is never removed: it can be declared void, and that stands beside it. */
export function EventActions({ event }: { readonly event: UsageEvent }) {
  const [isOpen, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const declareVoid = useAction(
    (_: undefined, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/events/{eventId}/void', {
          params: { path: { eventId: event.eventId } },
          headers,
          body: reason.trim() === '' ? {} : { reason: reason.trim() },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="usage:write"
        variant="default"
        refusal={event.effective === null ? 'It is void already.' : null}
        onClick={() => setOpen(true)}
      >
        Void
      </GuardedButton>
      <ConfirmDialog
        title="Void this event?"
        action="Void it"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => declareVoid.mutate(undefined)}
        isRunning={declareVoid.isPending}
        error={declareVoid.error}
      >
        <Text>
          It is counted no more. Invoices that are final stay as they are: what was billed too much
          is settled as the meter says.
        </Text>
        <TextInput
          label="Reason"
          value={reason}
          onChange={(change) => setReason(change.currentTarget.value)}
        />
      </ConfirmDialog>
    </>
  )
}
