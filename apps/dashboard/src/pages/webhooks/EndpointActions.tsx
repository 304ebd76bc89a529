import { Button, Modal, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type ActionCall, useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { WebhookEndpoint } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Secret } from './NewEndpoint.tsx'

const permission = 'webhooks:write'

/** Test, switch on and off, a new secret, and the end. */
export function EndpointActions({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const params = { path: { endpointId: endpoint.id } }
  const isEnabled = endpoint.status === 'enabled'
  const test = useAction(
    (_: undefined, { environment: { api }, headers }: ActionCall) =>
      answered(api.POST('/api/v1/webhook-endpoints/{endpointId}/test', { params, headers })),
    { onDone: ({ deliveryId }) => void navigate({ to: paths.delivery(deliveryId) }) },
  )
  const change = useAction((status: 'enabled' | 'disabled', { environment: { api }, headers }) =>
    answered(
      api.PATCH('/api/v1/webhook-endpoints/{endpointId}', { params, headers, body: { status } }),
    ),
  )
  const error = test.error ?? change.error
  return (
    <>
      <GuardedButton
        permission={permission}
        variant="default"
        loading={test.isPending}
        refusal={isEnabled ? null : 'It is disabled.'}
        onClick={() => test.mutate(undefined)}
      >
        Send a test
      </GuardedButton>
      <GuardedButton
        permission={permission}
        variant="default"
        loading={change.isPending}
        onClick={() => change.mutate(isEnabled ? 'disabled' : 'enabled')}
      >
        {isEnabled ? 'Disable' : 'Enable'}
      </GuardedButton>
      <RotateSecret endpoint={endpoint} />
      <DeleteEndpoint endpoint={endpoint} />
      {error && (
        <Modal
          opened
          title="Not done"
          onClose={() => {
            test.reset()
            change.reset()
          }}
        >
          <ErrorState error={error} />
        </Modal>
      )}
    </>
  )
}

function RotateSecret({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const [isOpen, setOpen] = useState(false)
  const rotate = useAction((_: undefined, { environment: { api }, headers }) =>
    answered(
      api.POST('/api/v1/webhook-endpoints/{endpointId}/rotate-secret', {
        params: { path: { endpointId: endpoint.id } },
        headers,
        body: {},
      }),
    ),
  )
  const close = (): void => {
    setOpen(false)
    rotate.reset()
  }
  return (
    <>
      <GuardedButton permission={permission} variant="default" onClick={() => setOpen(true)}>
        New secret
      </GuardedButton>
      <ConfirmDialog
        title="Give it a new secret?"
        action="Make a new secret"
        isOpen={isOpen && !rotate.data}
        onClose={close}
        onConfirm={() => rotate.mutate(undefined)}
        isRunning={rotate.isPending}
        error={rotate.error}
        isDangerous={false}
      >
        <Text>For a day, messages are signed with both, so that you can change it in peace.</Text>
      </ConfirmDialog>
      <Modal opened={isOpen && rotate.data !== undefined} onClose={close} title="The new secret">
        {rotate.data && (
          <Secret
            secret={rotate.data.secret}
            close={<Button onClick={close}>I have kept it</Button>}
          />
        )}
      </Modal>
    </>
  )
}

function DeleteEndpoint({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const remove = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.DELETE('/api/v1/webhook-endpoints/{endpointId}', {
          params: { path: { endpointId: endpoint.id } },
          headers,
        }),
      ),
    { onDone: () => void navigate({ to: paths.webhooks }) },
  )
  return (
    <>
      <GuardedButton
        permission={permission}
        variant="default"
        color="red"
        onClick={() => setOpen(true)}
      >
        Delete
      </GuardedButton>
      <ConfirmDialog
        title="Delete the endpoint?"
        action="Delete"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => remove.mutate(undefined)}
        isRunning={remove.isPending}
        error={remove.error}
        typed={new URL(endpoint.url).host}
      >
        <Text>It is told nothing any more, also nothing that waits to be sent.</Text>
      </ConfirmDialog>
    </>
  )
}
