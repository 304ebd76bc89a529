import { Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { sessionQuery } from '../../api/session.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Form } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'

/** What both environments have in common. */
export function OrganizationSettings() {
  const environment = useEnvironment()
  const { organization, organizationId } = environment
  const [name, setName] = useState(organization.name)
  const queries = useQueryClient()
  const save = useAction(
    (wanted: string, { environment: { api } }) =>
      answered(
        api.PATCH('/api/v1/organizations/{organizationId}', {
          params: { path: { organizationId } },
          body: { name: wanted },
        }),
      ),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
        notifications.show({ message: 'Saved' })
      },
    },
  )
  return (
    <>
      <Form
        action="Save"
        isRunning={save.isPending}
        error={save.error}
        shownFields={['name']}
        refusal={useRefusal('organization:write')}
        onSubmit={() => save.mutate(name.trim())}
      >
        <TextInput
          label="Name of the organization"
          description="In both environments"
          value={name}
          error={fieldErrors(save.error).name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Form>
      <Section title="The end">
        <Text c="dimmed" mb="xs">
          A deleted organization is closed at once, and can be restored for a while.
        </Text>
        <GuardedButton
          permission="organization:own"
          variant="default"
          to={environment.paths.deleteOrganization}
        >
          Delete the organization…
        </GuardedButton>
      </Section>
    </>
  )
}
