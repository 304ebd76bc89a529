import { Button, Group, Modal, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Customer } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Form } from '../../ui/form.tsx'
import { Time } from '../../ui/values.tsx'

const ROOT = '$root'

/** Makes a link with which a customer sees its usage, bills and credits, and ends those there are. */
export function PortalLink({ customer: { customerId } }: { readonly customer: Customer }) {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <GuardedButton
        permission="billing:write"
        variant="default"
        refusal={customerId === ROOT ? 'It stands for your organization, and has no portal.' : null}
        onClick={() => setOpen(true)}
      >
        Portal link
      </GuardedButton>
      <Modal opened={isOpen} onClose={close} title="Link to the portal">
        {isOpen && <Links customerId={customerId} close={close} />}
      </Modal>
    </>
  )
}

function Links({ customerId, close }: { readonly customerId: string; readonly close: () => void }) {
  const [allowPlanChange, setAllow] = useState(true)
  const make = useAction((body: { allowPlanChange: boolean }, { environment, headers }) =>
    answered(
      environment.api.POST('/api/v1/customers/{customerId}/portal-links', {
        params: { path: { customerId } },
        headers,
        body,
      }),
    ),
  )
  if (make.data) return <LinkOnce url={make.data.url} until={make.data.expiresAt} close={close} />
  return (
    <Stack>
      <Text>
        Whoever has the link sees usage, bills and credits of this customer for 24 hours, and
        nothing else. It needs no account.
      </Text>
      <Form
        isGuarded={false}
        action="Make a link"
        isRunning={make.isPending}
        error={make.error}
        shownFields={[]}
        refusal={null}
        onSubmit={() => make.mutate({ allowPlanChange })}
      >
        <Switch
          label="May change the plan"
          description="Among those that the settings name"
          checked={allowPlanChange}
          onChange={(event) => setAllow(event.currentTarget.checked)}
        />
      </Form>
      <OpenLinks customerId={customerId} />
    </Stack>
  )
}

/** The address is shown once: only a hash of what stands behind its `#` is kept. */
function LinkOnce({
  url,
  until,
  close,
}: {
  readonly url: string
  readonly until: string
  readonly close: () => void
}) {
  return (
    <Stack>
      <Text>
        Give it to the customer and nobody else. It is shown only now, and ends <Time at={until} />.
      </Text>
      <CodeBlock label="Portal link" text={url} />
      <div>
        <Button onClick={close}>I have copied it</Button>
      </div>
    </Stack>
  )
}

function OpenLinks({ customerId }: { readonly customerId: string }) {
  const { api, key } = useEnvironment()
  const params = { path: { customerId } }
  const end = useAction(
    (of: typeof params, { environment: { api }, headers }) =>
      answered(api.DELETE('/api/v1/customers/{customerId}/portal-links', { params: of, headers })),
    { onDone: ({ ended }) => notifications.show({ message: `Ended: ${ended}` }) },
  )
  return (
    <Loaded
      height={36}
      query={{
        queryKey: [...key, 'customers', customerId, 'portal-links'],
        queryFn: () => answered(api.GET('/api/v1/customers/{customerId}/portal-links', { params })),
      }}
    >
      {({ data }) => (
        <Group justify="space-between">
          <Text c="dimmed" size="sm">
            {data.length === 0 ? 'No link is open.' : `Open links: ${data.length}`}
          </Text>
          {data.length > 0 && (
            <Button
              size="xs"
              variant="default"
              color="red"
              loading={end.isPending}
              onClick={() => end.mutate(params)}
            >
              End all links
            </Button>
          )}
        </Group>
      )}
    </Loaded>
  )
}
