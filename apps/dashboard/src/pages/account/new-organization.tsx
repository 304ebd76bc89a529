import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery } from '../../api/session.ts'
import { pathsOf } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useAccountCall } from './account-call.ts'

export function NewOrganizationPage() {
  const [name, setName] = useState('')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const create = useAccountCall<{ name: string }, { id: string }>(
    '/api/v1/organizations',
    async ({ id }) => {
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      await navigate({ to: pathsOf({ organizationId: id, mode: 'test' }).overview })
    },
  )
  return (
    <AccountCard
      title="Your organization"
      sentence="A company or a team. It gets a live environment, and one to try things in."
    >
      <Form
        isGuarded={false}
        action="Make it"
        isRunning={create.isPending}
        error={create.error}
        onSubmit={() => create.mutate({ name: name.trim() })}
      >
        <TextInput
          label="Name"
          placeholder="CloudAI"
          autoComplete="organization"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Form>
    </AccountCard>
  )
}
