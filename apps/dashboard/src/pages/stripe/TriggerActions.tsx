import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import type { StripeTrigger } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { triggerType } from './trigger-types.ts'

const permission = 'billing:write'
const RETRIES_MAX = 1_000

type OfTrigger = { readonly trigger: StripeTrigger }

/** Stops a trigger, or starts it again. */
export function SwitchTrigger({ trigger: { id, type, active } }: OfTrigger) {
  const [isOpen, setOpen] = useState(false)
  const change = useAction(
    (isActive: boolean, { environment: { api }, headers }) =>
      answered(
        api.PATCH('/api/v1/stripe/triggers/{triggerId}', {
          ...{ params: { path: { triggerId: id } }, headers, body: { active: isActive } },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  const { label, title, meaning } = active ? STOP : START
  const ofInvoices = active ? STOP_INVOICES : START_INVOICES
  const areInvoices = triggerType(type).tells === 'invoices'
  return (
    <>
      <GuardedButton
        permission={permission}
        variant={active ? 'default' : 'filled'}
        onClick={() => setOpen(true)}
      >
        {label}
      </GuardedButton>
      <ConfirmDialog
        title={title}
        action={label}
        isDangerous={active}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => change.mutate(!active)}
        isRunning={change.isPending}
        error={change.error}
      >
        <Text>{areInvoices ? ofInvoices : meaning}</Text>
      </ConfirmDialog>
    </>
  )
}

const STOP = {
  label: 'Stop',
  title: 'Stop telling Stripe?',
  meaning:
    'Stripe is told nothing more, so that it bills nothing more. Usage is counted on here. What is on its way is brought to its end, and what is counted meanwhile is told when the trigger is started again, as far back as Stripe takes it: 35 days.',
} as const

const START = {
  label: 'Start',
  title: 'Tell Stripe again?',
  meaning:
    'Stripe is told all that was counted since the trigger was stopped, as far back as Stripe takes it: 35 days. Customers are billed for it there.',
} as const

const STOP_INVOICES =
  'No further invoice is billed at Stripe. Those that it has are followed until they are paid; those that wait are yours to collect from then on.'

const START_INVOICES =
  'Invoices that are finalized from now on, and are not charged here, are billed at Stripe. Earlier ones are not.'

/** Has all be sent again that Stripe has refused. */
export function RetryRefused({ trigger: { id, active, records } }: OfTrigger) {
  const [isOpen, setOpen] = useState(false)
  const retry = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/stripe/triggers/{triggerId}/retry', {
          ...{ params: { path: { triggerId: id } }, headers, body: {} },
        }),
      ),
    {
      onDone: ({ retried }) => {
        setOpen(false)
        notifications.show({ message: `${formatQuantity(String(retried))} are sent again` })
      },
    },
  )
  if (records.refused === 0) return null
  const count = formatQuantity(String(Math.min(records.refused, RETRIES_MAX)))
  return (
    <>
      <GuardedButton
        permission={permission}
        variant="default"
        refusal={active ? null : 'It is stopped: start it first.'}
        onClick={() => setOpen(true)}
      >
        Send refused again
      </GuardedButton>
      <ConfirmDialog
        title={`Send ${count} again?`}
        action="Send again"
        isDangerous={false}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => retry.mutate(undefined)}
        isRunning={retry.isPending}
        error={retry.error}
      >
        <Text>
          {records.refused > RETRIES_MAX ? `The oldest ${count} are tried. ` : ''}Change first what
          the records name: else Stripe refuses them again. What it has already counts once.
        </Text>
      </ConfirmDialog>
    </>
  )
}
