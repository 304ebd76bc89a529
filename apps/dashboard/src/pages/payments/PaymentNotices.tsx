import { Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Dispute, ListedPayment } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { OutLink } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { Money, Time } from '../../ui/values.tsx'
import { stripeUrl } from '../stripe/stripe-links.ts'

/** What somebody has to do about payments: of the customer one waits for, and of disputes that are open. */
export function PaymentNotices({ payments }: { readonly payments: readonly ListedPayment[] }) {
  const waiting = payments.filter(({ status }) => status === 'action_required')
  const disputed = payments.flatMap((payment) =>
    payment.disputes
      .filter(({ status }) => status === 'open')
      .map((dispute) => ({ dispute, payment })),
  )
  if (waiting.length + disputed.length === 0) return null
  return (
    <Stack gap="sm" mb="md">
      {waiting.map((payment) => (
        <Waiting key={payment.id} payment={payment} />
      ))}
      {disputed.map(({ dispute, payment }) => (
        <OpenDispute key={dispute.id} dispute={dispute} payment={payment} />
      ))}
    </Stack>
  )
}

function Waiting({ payment }: { readonly payment: ListedPayment }) {
  const { paymentMethodLabel: label, amountMinor, currency, actionUrl } = payment
  return (
    <Notice tone="warn" title="A payment waits for its customer">
      <Text>
        The bank wants the customer to confirm{' '}
        <Money amountMinor={amountMinor} currency={currency} />
        {label && <> by {label}</>}. They have three days; then the attempt has failed.
      </Text>
      {actionUrl === null ? (
        <Text c="dimmed">
          It is a test payment: <code>POST /api/v1/payments/{payment.id}/act</code> does what the
          customer would.
        </Text>
      ) : (
        <>
          <Text>
            They do it on <OutLink href={actionUrl}>this page</OutLink>, which is for them alone.
            Its address, to be sent to them:
          </Text>
          <CodeBlock label="Where the customer confirms" text={actionUrl} />
        </>
      )}
      <GiveUp payment={payment} />
    </Notice>
  )
}

function GiveUp({ payment: { id, amountMinor, currency } }: { readonly payment: ListedPayment }) {
  const [isOpen, setOpen] = useState(false)
  const cancel = useAction(
    (paymentId: string, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/payments/{paymentId}/cancel', {
          params: { path: { paymentId } },
          headers,
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="billing:write"
        size="xs"
        variant="default"
        onClick={() => setOpen(true)}
      >
        Give it up
      </GuardedButton>
      <ConfirmDialog
        title="Give up this payment?"
        action="Give it up"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => cancel.mutate(id)}
        isRunning={cancel.isPending}
        error={cancel.error}
      >
        <Text>
          <Money amountMinor={amountMinor} currency={currency} /> is not charged by it any more,
          unless the customer is faster. The invoice stays owed.
        </Text>
      </ConfirmDialog>
    </>
  )
}

function OpenDispute({
  dispute: { amountMinor, currency, reason, evidenceDueAt },
  payment: { provider, providerRef },
}: {
  readonly dispute: Dispute
  readonly payment: ListedPayment
}) {
  const { mode } = useEnvironment()
  return (
    <Notice tone="bad" title="A payment is disputed">
      <Text>
        The customer takes <Money amountMinor={amountMinor} currency={currency} /> back through
        their bank. The reason it gives: {reason.replaceAll('_', ' ')}. The invoice stays paid.
      </Text>
      {provider === 'stripe' && providerRef !== null && (
        <Text>
          {evidenceDueAt !== null && (
            <>
              Evidence is taken until <Time at={evidenceDueAt} exact />.{' '}
            </>
          )}
          <OutLink href={stripeUrl(mode, null, `payments/${providerRef}`)}>
            Give evidence at Stripe
          </OutLink>
        </Text>
      )}
    </Notice>
  )
}
