import { Button, Group, Modal, Radio, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { newKey } from '../api/action.ts'
import { messageOf } from '../api/errors.ts'
import { RequestId } from '../ui/states.tsx'
import { sumOf } from './BillTable.tsx'
import classes from './portal.module.css'
import { answered, type OfferedPlan, type Subscription } from './portal-api.ts'
import { type Portal, usePart, usePortal } from './portal-context.tsx'

type When = 'now' | 'period_end'

/** Asks which plan and when, says what it means, and changes it. */
export function ChangePlan({
  subscription,
  isOpen,
  onClose,
  onChanged,
}: {
  readonly subscription: Subscription
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onChanged: (plan: string) => void
}) {
  const { words } = usePortal()
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={words.change}
      closeButtonProps={{ 'aria-label': words.close }}
      size="lg"
    >
      {isOpen && <Choice subscription={subscription} onClose={onClose} onChanged={onChanged} />}
    </Modal>
  )
}

function Choice({
  subscription: { id, choices },
  onClose,
  onChanged,
}: {
  readonly subscription: Subscription
  readonly onClose: () => void
  readonly onChanged: (plan: string) => void
}) {
  const portal = usePortal()
  const { words } = portal
  const [plan, setPlan] = useState(choices[0]?.key ?? '')
  const [when, setWhen] = useState<When>('period_end')
  const chosen = choices.find(({ key }) => key === plan)
  const times = chosen?.times ?? []
  const at = times.includes(when) ? when : 'period_end'
  const wanted = { id, plan, version: chosen?.version ?? 0, when: at }
  const change = useChange(wanted, () => {
    onChanged(chosen?.name ?? plan)
    onClose()
  })
  return (
    <Stack gap="md">
      <Radio.Group label={words.choose} value={plan} onChange={setPlan}>
        <Stack gap="xs" mt="xs">
          {choices.map((one) => (
            <Radio
              key={one.key}
              value={one.key}
              label={one.name}
              description={priceLines(portal, one).join(' · ')}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Radio.Group label={words.when} value={at} onChange={(value) => setWhen(value as When)}>
        <Stack gap="xs" mt="xs">
          <Radio value="period_end" label={words.periodEnd} />
          {times.includes('now') && <Radio value="now" label={words.now} />}
        </Stack>
      </Radio.Group>
      <Meaning {...wanted} />
      {change.error != null && (
        <div role="alert">
          <Text>{messageOf(change.error)}</Text>
          <RequestId error={change.error} />
        </div>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {words.keep}
        </Button>
        <Button
          className={classes.action}
          loading={change.isPending}
          onClick={() => change.mutate()}
        >
          {words.confirm(chosen?.name ?? plan)}
        </Button>
      </Group>
    </Stack>
  )
}

function priceLines({ words, format }: Portal, plan: OfferedPlan): string[] {
  const base = `${format.money(plan.baseMinor, plan.currency)} ${words.per[plan.cycle] ?? ''}`
  const prices = plan.prices.map(({ meter, model, included, unitPrice }) => {
    const has = format.quantity(included)
    if (model !== 'per_unit' || unitPrice === null) return `${meter}: ${words.tiered(has)}`
    const price = format.price(unitPrice, plan.currency)
    return `${meter}: ${included === '0' ? words.each(price) : words.includedThen(has, price)}`
  })
  return [base, ...prices]
}

type Wanted = {
  readonly id: string
  readonly plan: string
  readonly version: number
  readonly when: When
}

/** Every try of one choice carries the same key, so that a click after a lost connection cannot do it twice. */
function useChange({ id, ...choice }: Wanted, onDone: () => void) {
  const { api, link, onRefused } = usePortal()
  const queries = useQueryClient()
  const keys = useRef(new Map<string, string>())
  return useMutation({
    mutationFn: () => {
      const name = JSON.stringify(choice)
      const key = keys.current.get(name) ?? newKey()
      keys.current.set(name, key)
      return answered(
        api.POST('/api/portal/v1/subscriptions/{subscriptionId}/change', {
          params: { path: { subscriptionId: id }, header: { 'idempotency-key': key } },
          body: choice,
        }),
      )
    },
    onSuccess: async () => {
      onDone()
      await queries.invalidateQueries({ queryKey: ['portal', link] })
    },
    onError: onRefused,
  })
}

function Meaning({ id, ...choice }: Wanted) {
  const { words, format } = usePortal()
  const { data, error } = usePart(['change', id, JSON.stringify(choice)], (api) =>
    answered(
      api.POST('/api/portal/v1/subscriptions/{subscriptionId}/change/preview', {
        params: { path: { subscriptionId: id } },
        body: choice,
      }),
    ),
  )
  if (error) return <Text role="alert">{messageOf(error)}</Text>
  if (!data) return <Skeleton height={120} aria-hidden />
  const { before, after, differenceMinor, at } = data
  return (
    <div className={classes.card} aria-live="polite">
      <Text fw={600}>{words.preview}</Text>
      {before && after && (
        <dl className={classes.facts}>
          <dt>{words.asItIs}</dt>
          <dd>{format.money(sumOf(before, 'total'), before.currency)}</dd>
          <dt>{words.asItWould}</dt>
          <dd>{format.money(sumOf(after, 'total'), after.currency)}</dd>
          {differenceMinor !== null && (
            <>
              <dt>{words.difference}</dt>
              <dd>{format.money(differenceMinor, after.currency)}</dd>
            </>
          )}
        </dl>
      )}
      <p className={classes.hint}>
        {choice.when === 'now' ? words.splitNow : words.splitEnd(format.day(at))}
      </p>
    </div>
  )
}
