import { TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callAccount } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import { type Session, sessionQuery } from '../../api/session.ts'
import { Form } from '../../ui/form.tsx'

export function Profile({ user }: { readonly user: Session['user'] }) {
  const [name, setName] = useState(user.name)
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (body: { name: string }) => callAccount('PATCH', '/api/v1/session/user', { body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      notifications.show({ message: 'Saved' })
    },
  })
  return (
    <Form
      action="Save"
      isRunning={save.isPending}
      error={save.error}
      shownFields={['name']}
      onSubmit={() => save.mutate({ name: name.trim() })}
    >
      <TextInput
        label="Name"
        description="As others in your organizations read it"
        autoComplete="name"
        value={name}
        error={fieldErrors(save.error).name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Form>
  )
}
