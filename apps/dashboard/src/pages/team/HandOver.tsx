import { Select, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Member } from '../../api/organization.ts'
import { sessionQuery } from '../../api/session.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

/** Makes another member OWNER, and the reader ADMIN. */
export function HandOver({ others }: { readonly others: readonly Member[] }) {
  const { organization, organizationId } = useEnvironment()
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [userId, setUserId] = useState<string | null>(null)
  const transfer = useAction(
    (to: string, { environment: { api } }) =>
      answered(
        api.POST('/api/v1/organizations/{organizationId}/transfer', {
          params: { path: { organizationId } },
          body: { userId: to },
        }),
      ),
    {
      onDone: () => {
        setOpen(false)
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      },
    },
  )
  return (
    <>
      <GuardedButton
        permission="organization:own"
        refusal={others.length === 0 ? 'There is nobody else yet. Invite somebody first.' : null}
        variant="default"
        onClick={() => setOpen(true)}
      >
        Hand over
      </GuardedButton>
      <ConfirmDialog
        title="Hand the organization over?"
        action="Hand over"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => userId !== null && transfer.mutate(userId)}
        isRunning={transfer.isPending}
        error={transfer.error}
        typed={organization.name}
      >
        <Select
          label="To whom"
          data={others.map((member) => ({
            value: member.userId,
            label: `${member.name} (${member.email})`,
          }))}
          value={userId}
          onChange={setUserId}
          allowDeselect={false}
        />
        <Text>They become OWNER. You become ADMIN, and cannot take that back by yourself.</Text>
      </ConfirmDialog>
    </>
  )
}
