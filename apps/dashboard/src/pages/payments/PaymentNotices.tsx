import { Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Dispute, ListedPayment } from '../../api/records.ts'
import { useNow } from '../../clock.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { OutLink } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { Money, Time } from '../../ui/values.tsx'
import { stripeUrl } from '../stripe/stripe-links.ts'

/** What somebody has to do about payments: those that wait, that nobody answers for, that are to be given back or disputed. */
export function PaymentNotices({ payments }: { readonly payments: readonly ListedPayment[] }) {
  const waiting = payments.filter(({ status }) => status === 'action_required')
  const disputed = payments.flatMap((payment) =>
    payment.disputes
      .filter(({ status }) => status === 'open')
      .map((dispute) => ({ dispute, payment })),
  )
  const now = useNow()
  const silent = payments.filter((payment) => isSilent(payment, now))
  const surplus = payments.filter(
    ({ id, surplus }) => surplus && !payments.some((one) => one.refundOf === id && isGiven(one)),
  )
  if (waiting.length + disputed.length + silent.length + surplus.length === 0) return null
  return (
    <Stack gap="sm" mb="md">
      {waiting.map((payment) => (
        <Waiting key={payment.id} payment={payment} />
      ))}
      {silent.map((payment) => (
        <Silent key={payment.id} payment={payment} />
      ))}
      {surplus.map((payment) => (
        <Surplus key={payment.id} payment={payment} />
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

/** Whether a refund has gone through or is on its way. */
function isGiven({ status }: ListedPayment): boolean {
  return status === 'succeeded' || status === 'pending'
}

const SOON_MS = 3_600_000

/** Whether a payment has had no outcome for longer than its provider takes for a card. */
function isSilent({ status, createdAt }: ListedPayment, now: Date): boolean {
  return status === 'pending' && now.getTime() - Date.parse(createdAt) > SOON_MS
}

function Silent({ payment }: { readonly payment: ListedPayment }) {
  const { provider, kind, amountMinor, currency, createdAt } = payment
  const what = kind === 'refund' ? 'refund' : 'payment'
  return (
    <Notice tone="warn" title={`A ${what} has no outcome yet`}>
      <Text>
        <Money amountMinor={amountMinor} currency={currency} /> is pending since{' '}
        <Time at={createdAt} exact />. It is asked for again until{' '}
        {provider === 'stripe' ? 'Stripe' : 'its provider'} answers; direct debits take days.
      </Text>
      <EndIt payment={payment} />
    </Notice>
  )
}

function EndIt({ payment }: { readonly payment: ListedPayment }) {
  const { id, kind, amountMinor, currency } = payment
  const [isOpen, setOpen] = useState(false)
  const end = useAction(
    (paymentId: string, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/payments/{paymentId}/end', {
          params: { path: { paymentId } },
          body: { moneyMayHaveMoved: true },
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
        End it as failed
      </GuardedButton>
      <ConfirmDialog
        title={`End this ${kind === 'refund' ? 'refund' : 'payment'} as failed?`}
        action="End it as failed"
        typed="money may have moved"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => end.mutate(id)}
        isRunning={end.isPending}
        error={end.error}
      >
        <Text>
          <b>
            <Money amountMinor={amountMinor} currency={currency} /> may have moved all the same.
          </b>{' '}
          Look at the provider before you do this. {LEFT[kind]}
        </Text>
        <Text>What turns out to have gone through is recorded when it is found.</Text>
      </ConfirmDialog>
    </>
  )
}

const LEFT: Readonly<Record<ListedPayment['kind'], string>> = {
  charge:
    'The invoice stays owed and is not charged by itself any more: charge it, record it as paid, or declare it void.',
  refund: 'As much can be given back again then.',
}

function Surplus({
  payment: { id, amountMinor, currency, invoiceNumber },
}: {
  readonly payment: ListedPayment
}) {
  return (
    <Notice tone="bad" title="A payment is to be given back">
      <Text>
        <Money amountMinor={amountMinor} currency={currency} /> went through after the payment was
        ended by hand, and invoice {invoiceNumber} is not owed it. Give it back with{' '}
        <code>POST /api/v1/payments/{id}/refund</code>.
      </Text>
    </Notice>
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
