import { Button, Menu, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useRefusal } from '../../api/environment.tsx'
import type { SubscriptionWithPeriods } from '../../api/records.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { refusalsOf, type Step } from './subscription-rules.ts'

const STEPS = {
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
  const [step, setStep] = useState<Step | null>(null)
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
                onClick={() => setStep(name)}
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

function StepDialog({
  subscription,
  step,
  onClose,
}: {
  readonly subscription: SubscriptionWithPeriods
  readonly step: Step
  readonly onClose: () => void
}) {
  const [when, setWhen] = useState<'period_end' | 'now'>('period_end')
  const run = useAction(
    (_: undefined, { environment: { api }, headers }) => {
      const options = { params: { path: { subscriptionId: subscription.id } }, headers }
      if (step === 'cancel')
        return answered(
          api.POST('/api/v1/subscriptions/{subscriptionId}/cancel', { ...options, body: { when } }),
        )
      return answered(api.POST(`/api/v1/subscriptions/{subscriptionId}/${step}`, options))
    },
    { onDone: onClose },
  )
  const { title, label, text } = STEPS[step]
  return (
    <ConfirmDialog
      title={title}
      action={label}
      isOpen
      onClose={onClose}
      onConfirm={() => run.mutate(undefined)}
      isRunning={run.isPending}
      error={run.error}
      isDangerous={step === 'cancel' || step === 'suspend'}
      {...(step === 'cancel' && when === 'now' ? { typed: subscription.customerId } : {})}
    >
      <Text>{text}</Text>
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
