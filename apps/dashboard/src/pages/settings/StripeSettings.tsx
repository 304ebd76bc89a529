import { Box, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { StripeConnection } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { MakeButton } from '../../components/MakeButton.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Form } from '../../ui/form.tsx'
import { Facts, OutLink, Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { Id, Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { SyncSummary } from '../stripe/SyncSummary.tsx'
import { stripeUrl } from '../stripe/stripe-links.ts'
import { connectionQuery } from '../stripe/stripe-queries.ts'
import { connectionState } from './connection-state.ts'

/** Which account of Stripe moves the money of the environment. */
export function StripeSettings() {
  return (
    <Loaded height={320} query={connectionQuery(useEnvironment())}>
      {({ connection }) =>
        connection === null ? <Unconnected /> : <Connected connection={connection} />
      }
    </Loaded>
  )
}

function Unconnected() {
  const { mode } = useEnvironment()
  return (
    <Stack gap="md">
      <Stack gap="xs" maw={640}>
        <Text>
          No account of Stripe is connected: nobody is charged, and you record payments by hand.
        </Text>
        <Text c="dimmed">
          Once one is, UsageFlow decides when a customer is charged, and Stripe moves the money.
          Cards and banks never come near this server.
        </Text>
        <KeyHelp mode={mode} />
      </Stack>
      <SecretForm field="apiKey" action="Connect" />
    </Stack>
  )
}

function KeyHelp({ mode }: { readonly mode: 'live' | 'test' }) {
  const page = stripeUrl(mode, null, 'apikeys')
  return (
    <Text c="dimmed">
      At Stripe, under <OutLink href={page}>API keys</OutLink>, make a restricted key that may read
      Account and Disputes, and write Customers, PaymentIntents, PaymentMethods, Refunds and
      Checkout Sessions. For usage that Stripe bills it reads Prices and Billing Meters as well, and
      writes Billing Meter Events. This is the {mode} environment: it takes {mode} keys only.
    </Text>
  )
}

const FIELDS = {
  apiKey: {
    label: 'Secret or restricted key',
    placeholder: (mode: string) => `rk_${mode}_…`,
    missing: 'Paste the key that Stripe shows',
    saved: 'Connected',
  },
  webhookSecret: {
    label: 'Signing secret',
    placeholder: () => 'whsec_…',
    missing: 'Paste the signing secret that Stripe shows at the endpoint',
    saved: 'Saved',
  },
} as const

/** One secret, which goes in and never comes out. */
function SecretForm({
  field,
  action,
  onDone,
}: {
  readonly field: keyof typeof FIELDS
  readonly action: string
  readonly onDone?: () => void
}) {
  const { mode } = useEnvironment()
  const { label, placeholder, missing, saved } = FIELDS[field]
  const [secret, setSecret] = useState('')
  const [isMissing, setMissing] = useState(false)
  const save = useAction(
    (text: string, { environment: { api }, headers }) =>
      answered(api.PUT('/api/v1/stripe', { headers, body: { [field]: text } })),
    {
      onDone: () => {
        setSecret('')
        notifications.show({ message: saved })
        onDone?.()
      },
    },
  )
  return (
    <Form
      action={action}
      isRunning={save.isPending}
      error={save.error}
      shownFields={[field]}
      refusal={useRefusal('billing:write')}
      onSubmit={() => {
        const text = secret.trim()
        setMissing(text === '')
        if (text !== '') save.mutate(text)
      }}
    >
      <PasswordInput
        label={label}
        description="Stored sealed, and never shown again"
        placeholder={placeholder(mode)}
        autoComplete="off"
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
        error={isMissing ? missing : fieldErrors(save.error)[field]}
      />
    </Form>
  )
}

function Connected({ connection }: { readonly connection: StripeConnection }) {
  const { mode } = useEnvironment()
  const { accountId, apiKeyLastFour, lastEvent } = connection
  return (
    <Stack gap={0}>
      <Group justify="space-between" mb="md">
        <Group gap="xs">
          <Id value={accountId} whole />
          <StateBadge state={connectionState(connection)} />
          <OutLink href={stripeUrl(mode, accountId, '')}>Open at Stripe</OutLink>
        </Group>
        <Group gap="xs">
          <MakeButton label="Replace the key" permission="billing:write">
            {(close) => <ReplaceKey connection={connection} onDone={close} />}
          </MakeButton>
          <Disconnect connection={connection} />
        </Group>
      </Group>
      <Facts
        facts={{
          Money: mode === 'live' ? 'real: a live key' : 'none: a test key',
          Key: <code>…{apiKeyLastFour}</code>,
          Connected: <Time at={connection.connectedAt} />,
          'Last event of Stripe': lastEvent ? (
            <RealTime>
              <Time at={lastEvent.at} /> <code>{lastEvent.type}</code>
            </RealTime>
          ) : (
            <Nothing />
          ),
        }}
      />
      <Refused connection={connection} />
      <SyncSummary />
      <Events connection={connection} />
    </Stack>
  )
}

function Refused({ connection: { lastError } }: { readonly connection: StripeConnection }) {
  if (lastError === null) return null
  return (
    <Box mt="md">
      <Notice tone="bad" title="Stripe refuses the key">
        <Text>
          Last{' '}
          <RealTime>
            <Time at={lastError.at} />
          </RealTime>
          , with <code>{lastError.code}</code>. Until a key works, payments by Stripe wait: none is
          lost, and nobody is charged twice.
        </Text>
      </Notice>
    </Box>
  )
}

/** How Stripe tells of what customers do there. */
function Events({ connection }: { readonly connection: StripeConnection }) {
  const { mode } = useEnvironment()
  const { accountId, webhookUrl, webhookEventTypes, hasWebhookSecret } = connection
  return (
    <Section
      title="Events of Stripe"
      aside={
        hasWebhookSecret && (
          <MakeButton label="Replace the signing secret" permission="billing:write">
            {(close) => <SecretForm field="webhookSecret" action="Save" onDone={close} />}
          </MakeButton>
        )
      }
    >
      <Stack gap="sm" maw={640}>
        {!hasWebhookSecret && (
          <Notice tone="warn" title="UsageFlow does not hear of Stripe yet">
            <Text>
              Cards that customers give, confirmations at banks and disputes are not seen before
              Stripe can tell of them.
            </Text>
          </Notice>
        )}
        <Text>
          At Stripe, under <OutLink href={stripeUrl(mode, accountId, 'webhooks')}>Webhooks</OutLink>
          , make an endpoint with this address
        </Text>
        <CodeBlock label="Address of the endpoint" text={webhookUrl} />
        <Text>that is sent these events</Text>
        <CodeBlock label="Events of the endpoint" text={webhookEventTypes.join('\n')} />
        {!hasWebhookSecret && (
          <>
            <Text>and paste the signing secret that Stripe then shows.</Text>
            <SecretForm field="webhookSecret" action="Save" />
          </>
        )}
      </Stack>
    </Section>
  )
}

function ReplaceKey({
  connection: { accountId },
  onDone,
}: {
  readonly connection: StripeConnection
  readonly onDone: () => void
}) {
  const { mode } = useEnvironment()
  return (
    <Stack>
      <Text>
        Another key of {accountId} takes effect at once. A key of another account takes its place:
        the payment methods of {accountId} are detached, and customers give theirs again.
      </Text>
      <KeyHelp mode={mode} />
      <SecretForm field="apiKey" action="Replace" onDone={onDone} />
    </Stack>
  )
}

function Disconnect({ connection: { accountId } }: { readonly connection: StripeConnection }) {
  const [isOpen, setOpen] = useState(false)
  const disconnect = useAction(
    (_, { environment: { api }, headers }) => answered(api.DELETE('/api/v1/stripe', { headers })),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton variant="default" permission="billing:write" onClick={() => setOpen(true)}>
        Disconnect
      </GuardedButton>
      <ConfirmDialog
        title="Disconnect Stripe?"
        action="Disconnect"
        typed={accountId}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => disconnect.mutate()}
        isRunning={disconnect.isPending}
        error={disconnect.error}
      >
        <Text>
          Nobody is charged by Stripe any more. The payment methods that customers gave there are
          detached, and they have to give them again. Invoices and payments stay as they are.
        </Text>
      </ConfirmDialog>
    </>
  )
}
