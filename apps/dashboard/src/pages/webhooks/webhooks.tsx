import { Button } from '@mantine/core'
import { useState } from 'react'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { WebhookEndpoint } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { List, type ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StateBadge, Time } from '../../ui/values.tsx'
import { deliveriesList } from './deliveries-list.tsx'
import { NewEndpoint } from './NewEndpoint.tsx'

const endpointsList: ListDefinition<WebhookEndpoint> = {
  name: 'webhook-endpoints',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/webhook-endpoints', {
        params: { query: pageQuery({ ...request, filters: {} }) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'url', header: 'URL', value: ({ url }) => url },
    {
      id: 'state',
      header: 'State',
      value: stateOf,
      cell: (endpoint) => <StateBadge state={stateOf(endpoint)} />,
    },
    { id: 'description', header: 'For', value: ({ description }) => description },
    {
      id: 'types',
      header: 'Told of',
      value: ({ eventTypes }) => eventTypes.join(', ') || 'everything',
    },
    {
      id: 'created',
      header: 'Made',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ],
}

export function stateOf({ status, failingSince }: WebhookEndpoint): string {
  return status === 'enabled' && failingSince !== null ? 'failing' : status
}

export function WebhooksPage() {
  const { paths } = useEnvironment()
  const [isOpen, setOpen] = useState(false)
  const action = (
    <GuardedButton permission="webhooks:write" onClick={() => setOpen(true)}>
      New endpoint
    </GuardedButton>
  )
  return (
    <>
      <PageHeader
        title="Webhooks"
        sentence="Your programs are told what happens, signed, and as often as it takes."
        actions={action}
      />
      <List
        list={endpointsList}
        label="Webhook endpoints"
        rowHref={({ id }) => paths.webhook(id)}
        empty={
          <EmptyState title="Nobody is told anything yet" action={action}>
            Give a URL of yours, and it is sent facts like “invoice.finalized” as they happen.
          </EmptyState>
        }
      />
      <Section title="Deliveries">
        <List
          isSecond
          list={deliveriesList}
          label="Deliveries"
          rowHref={({ id }) => paths.delivery(id)}
          empty={
            <EmptyState title="Nothing was sent yet">
              Every sending of a fact to an endpoint stands here, with each try.
            </EmptyState>
          }
        />
      </Section>
      <FormDialog isOpen={isOpen} onClose={() => setOpen(false)} title="New endpoint">
        <NewEndpoint close={<Button onClick={() => setOpen(false)}>I have kept it</Button>} />
      </FormDialog>
    </>
  )
}
