import { List, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { sessionQuery } from '../../api/session.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { PageHeader } from '../../ui/page.tsx'

/** The end of an organization: what it means, and the name typed out. */
export function DeleteOrganizationPage() {
  const { organization, organizationId } = useEnvironment()
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const remove = useAction(
    (_: undefined, { environment: { api } }) =>
      answered(
        api.POST('/api/v1/organizations/{organizationId}/deletion', {
          params: { path: { organizationId } },
          body: { name: organization.name },
        }),
      ),
    { onDone: () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }) },
  )
  return (
    <>
      <PageHeader
        title="Delete the organization"
        sentence="Both environments, live and test, with all that is in them."
      />
      <Text fw={500}>At once</Text>
      <List mb="md" mt={4}>
        <List.Item>API keys and members are refused, and no event is taken.</List.Item>
        <List.Item>Nothing is invoiced or collected, and no webhook is sent.</List.Item>
      </List>
      <Text fw={500}>After the grace, which is told as soon as it runs</Text>
      <List mb="md" mt={4}>
        <List.Item>
          Events, customers, plans, subscriptions, invoices, credits and payments are erased.
        </List.Item>
        <List.Item>So are the audit log, the members, the invitations and the keys.</List.Item>
        <List.Item>Nobody can bring any of it back: export what you have to keep.</List.Item>
      </List>
      <Text mb="lg" c="dimmed">
        Until then the owner can restore all of it. What fell due meanwhile is done afterwards.
      </Text>
      <GuardedButton permission="organization:own" color="red.9" onClick={() => setOpen(true)}>
        Delete the organization
      </GuardedButton>
      <ConfirmDialog
        title="Delete the organization?"
        action="Delete it"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => remove.mutate(undefined)}
        isRunning={remove.isPending}
        error={remove.error}
        typed={organization.name}
      >
        <Text>It is closed at once, for everybody.</Text>
      </ConfirmDialog>
    </>
  )
}
