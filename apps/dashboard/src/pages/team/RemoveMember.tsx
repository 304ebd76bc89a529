import { Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Member } from '../../api/organization.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

export function RemoveMember({
  member,
  refusal,
}: {
  readonly member: Member
  readonly refusal: string | null
}) {
  const { organizationId } = useEnvironment()
  const [isOpen, setOpen] = useState(false)
  const remove = useAction(
    (userId: string, { environment: { api } }) =>
      answered(
        api.DELETE('/api/v1/organizations/{organizationId}/members/{userId}', {
          params: { path: { organizationId, userId } },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="members:write"
        refusal={refusal}
        size="compact-xs"
        variant="default"
        aria-label={`Remove ${member.name}`}
        onClick={() => setOpen(true)}
      >
        Remove
      </GuardedButton>
      <ConfirmDialog
        title="Remove this member?"
        action="Remove"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => remove.mutate(member.userId)}
        isRunning={remove.isPending}
        error={remove.error}
      >
        <Text>
          <bdi>{member.name}</bdi> ({member.email}) is out at once. API keys that they have seen go
          on working: rotate those.
        </Text>
      </ConfirmDialog>
    </>
  )
}
