import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Member, Role } from '../../api/organization.ts'
import { sessionQuery } from '../../api/session.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Form } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { RoleChoice } from './RoleChoice.tsx'

export function ChangeRole({
  member,
  refusal,
}: {
  readonly member: Member
  readonly refusal: string | null
}) {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <GuardedButton
        permission="members:write"
        refusal={refusal}
        size="compact-xs"
        variant="default"
        aria-label={`Change the role of ${member.name}`}
        onClick={() => setOpen(true)}
      >
        Role
      </GuardedButton>
      <FormDialog isOpen={isOpen} onClose={close} title={`What ${member.name} may do`}>
        {isOpen && <RoleForm member={member} onDone={close} />}
      </FormDialog>
    </>
  )
}

function RoleForm({ member, onDone }: { readonly member: Member; readonly onDone: () => void }) {
  const { organizationId } = useEnvironment()
  const queries = useQueryClient()
  const [role, setRole] = useState<Role>(member.role)
  const change = useAction(
    (wanted: Role, { environment: { api } }) =>
      answered(
        api.PATCH('/api/v1/organizations/{organizationId}/members/{userId}', {
          params: { path: { organizationId, userId: member.userId } },
          body: { role: wanted },
        }),
      ),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }) // it may be the reader's
        onDone()
      },
    },
  )
  return (
    <Form
      action="Change the role"
      isRunning={change.isPending}
      error={change.error}
      refusal={role === member.role ? `They are ${role} now.` : null}
      onSubmit={() => change.mutate(role)}
    >
      <RoleChoice value={role} onChange={setRole} />
    </Form>
  )
}
