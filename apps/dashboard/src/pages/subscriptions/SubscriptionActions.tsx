import { Button, Menu, SegmentedControl, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import type { SubscriptionWithPeriods } from '../../api/records.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { Icon } from '../../ui/icon.tsx'
import { refusalsOf, type Step } from './subscription-rules.ts'

const STEPS = {
  change: { label: 'Change plan, quantity or prices…', title: '', text: '' }, // has a page of its own
  unschedule: {
    label: 'Take back the planned change',
    title: 'Take back the change?',
    text: 'It goes on as it is sold now.',
  },
  uncancel: {
    label: 'Take back the cancelation',
    title: 'Take back the cancelation?',
    text: 'It goes on without an end, as it is sold.',
  },
  pause: {
    label: 'Pause',
    title: 'Pause the subscription?',
    text: 'Usage is counted and costs nothing until it is resumed. The period so far is invoiced.',
  },
  suspend: {
    label: 'Suspend',
    title: 'Suspend the subscription?',
    text: 'Your programs are told that the customer may use no more. What is used is still billed.',
  },
  resume: {
    label: 'Resume',
    title: 'Resume the subscription?',
    text: 'It goes on as it was sold.',
  },
  'end-trial': {
    label: 'End the trial',
    title: 'End the trial now?',
    text: 'The first period that is billed begins at once.',
  },
  'spend-threshold': {
    label: 'Bill usage early…',
    title: 'Bill usage before its period is over?',
    text: 'Usage is invoiced as soon as it has come to an amount; the invoice of the period bills the rest.',
  },
  cancel: {
    label: 'Cancel',
    title: 'Cancel the subscription?',
    text: 'What was used until then is invoiced. A subscription that has ended does not come back.',
  },
} as const satisfies Record<Step, { label: string; title: string; text: string }>

/** What can be done with a subscription; what its state does not allow says why. */
export function SubscriptionActions({
  subscription,
}: {
  readonly subscription: SubscriptionWithPeriods
}) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const [step, setStep] = useState<Exclude<Step, 'change'> | null>(null)
  const role = useRefusal('billing:write')
  const refusals = refusalsOf(subscription)
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button rightSection={<Icon name="down" size={14} />}>Actions</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(STEPS) as Step[]).map((name) => {
            const refusal = role ?? refusals[name]
            return (
              <Menu.Item
                key={name}
                disabled={refusal !== null}
                {...(name === 'cancel' ? { color: 'red' } : {})}
                onClick={() => {
                  if (name === 'change')
                    void navigate({ to: paths.changeSubscription(subscription.id) })
                  else setStep(name)
                }}
              >
                {STEPS[name].label}
                {refusal !== null && (
                  <Text size="xs" c="dimmed">
                    {refusal}
                  </Text>
                )}
              </Menu.Item>
            )
          })}
        </Menu.Dropdown>
      </Menu>
      {step !== null && (
        <StepDialog subscription={subscription} step={step} onClose={() => setStep(null)} />
      )}
    </>
  )
}

export function StepDialog({
  subscription,
  step,
  onClose,
}: {
  readonly subscription: SubscriptionWithPeriods
  readonly step: Exclude<Step, 'change'>
  readonly onClose: () => void
}) {
  const [when, setWhen] = useState<'period_end' | 'now'>('period_end')
  const [amount, setAmount] = useState('')
  const run = useAction(
    (_: undefined, { environment: { api }, headers }): Promise<unknown> => {
      const params = { path: { subscriptionId: subscription.id } }
      if (step === 'cancel')
        return answered(
          api.POST('/api/v1/subscriptions/{subscriptionId}/cancel', {
            ...{ params, headers, body: { when } },
          }),
        )
      if (step === 'spend-threshold')
        return answered(
          api.PUT('/api/v1/subscriptions/{subscriptionId}/spend-threshold', {
            ...{ params, body: { amount: amount.trim() || null } },
          }),
        )
      return answered(
        api.POST(`/api/v1/subscriptions/{subscriptionId}/${step}`, { params, headers }),
      )
    },
    { onDone: onClose },
  )
  const { title, text } = STEPS[step]
  return (
    <ConfirmDialog
      title={title}
      action={STEPS[step].label.replace('…', '')}
      isOpen
      onClose={onClose}
      onConfirm={() => run.mutate(undefined)}
      isRunning={run.isPending}
      error={run.error}
      isDangerous={step === 'cancel' || step === 'suspend'}
      {...(step === 'cancel' && when === 'now' ? { typed: subscription.customerId } : {})}
    >
      <Text>{text}</Text>
      {step === 'spend-threshold' && (
        <DecimalField
          label="As soon as it comes to"
          description="Left empty: when its period is over"
          value={amount}
          onChange={setAmount}
        />
      )}
      {step === 'cancel' && (
        <SegmentedControl
          aria-label="When"
          value={when}
          onChange={(value) => setWhen(value === 'now' ? 'now' : 'period_end')}
          data={[
            { value: 'period_end', label: 'When the period ends' },
            { value: 'now', label: 'Now' },
          ]}
        />
      )}
    </ConfirmDialog>
  )
}
