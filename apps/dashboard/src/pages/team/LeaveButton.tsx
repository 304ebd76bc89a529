import { Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Member } from '../../api/organization.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { whyNotLeave } from './roles.ts'

export function LeaveButton({
  me,
  members,
}: {
  readonly me: Member
  readonly members: readonly Member[]
}) {
  const { organization, organizationId } = useEnvironment()
  const [isOpen, setOpen] = useState(false)
  const leave = useAction(
    (_: undefined, { environment: { api } }) =>
      answered(
        api.POST('/api/v1/organizations/{organizationId}/leave', {
          params: { path: { organizationId } },
        }),
      ),
    { onDone: () => window.location.assign('/') }, // nothing that was read of it stays in memory
  )
  return (
    <>
      <GuardedButton
        permission="organization:read"
        refusal={whyNotLeave(me, members)}
        variant="default"
        onClick={() => setOpen(true)}
      >
        Leave
      </GuardedButton>
      <ConfirmDialog
        title="Leave the organization?"
        action="Leave"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => leave.mutate(undefined)}
        isRunning={leave.isPending}
        error={leave.error}
      >
        <Text>
          You see nothing of <bdi>{organization.name}</bdi> any more. Somebody has to invite you to
          come back.
        </Text>
      </ConfirmDialog>
    </>
  )
}
