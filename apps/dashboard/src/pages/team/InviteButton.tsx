import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { Role } from '../../api/organization.ts'
import { sessionQuery } from '../../api/session.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Form } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { OutboxLink } from '../account/OutboxLink.tsx'
import { RoleChoice } from './RoleChoice.tsx'

/** Asks whom and as what, and then shows the link, once. */
export function InviteButton() {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <GuardedButton permission="members:write" onClick={() => setOpen(true)}>
        Invite
      </GuardedButton>
      <FormDialog isOpen={isOpen} onClose={close} title="Invite somebody">
        {isOpen && <InviteForm close={close} />}
      </FormDialog>
    </>
  )
}

function InviteForm({ close }: { readonly close: () => void }) {
  const { organizationId } = useEnvironment()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('DEVELOPER')
  const invite = useAction((body: { email: string; role: Role }, { environment: { api } }) =>
    answered(
      api.POST('/api/v1/organizations/{organizationId}/invitations', {
        params: { path: { organizationId } },
        body,
      }),
    ),
  )
  if (invite.data) return <InvitationLink {...invite.data} close={close} />
  return (
    <Form
      action="Invite"
      isRunning={invite.isPending}
      error={invite.error}
      shownFields={['email']}
      onSubmit={() => invite.mutate({ email: email.trim(), role })}
    >
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="off"
        value={email}
        error={fieldErrors(invite.error).email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
      <RoleChoice value={role} onChange={setRole} />
    </Form>
  )
}

/** The link of the message, for another way to whom it is for. */
export function InvitationLink({
  email,
  link,
  close,
}: {
  readonly email: string
  readonly link: string
  readonly close: () => void
}) {
  const { data: session } = useQuery(sessionQuery)
  return (
    <Stack>
      <Text>
        {session?.server.mail === 'sent'
          ? `A message with this link is on its way to ${email}.`
          : `No mail server is set, so pass this link on to ${email} yourself.`}{' '}
        It is shown only now, works once and for seven days, and opens nothing to anybody else.
      </Text>
      <CodeBlock label="Link of the invitation" text={link} />
      <OutboxLink />
      <div>
        <Button onClick={close}>Done</Button>
      </div>
    </Stack>
  )
}
