import { Button } from '@mantine/core'
import { useState } from 'react'
import { ChangePlan } from './ChangePlan.tsx'
import { Empty, Part } from './Part.tsx'
import classes from './portal.module.css'
import { answered, type Subscription } from './portal-api.ts'
import { usePart, usePortal } from './portal-context.tsx'

/** What they have subscribed to, and may change it to. */
export function PlanPart() {
  const { words } = usePortal()
  const plans = usePart(['subscriptions'], (api) =>
    answered(api.GET('/api/portal/v1/subscriptions')),
  )
  const [done, setDone] = useState<string | null>(null)
  return (
    <Part title={words.plan} query={plans} height={120}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty>{words.planEmpty}</Empty>
        ) : (
          <>
            <p role="status" className={done ? classes.done : classes.unseen}>
              {done && words.changed(done)}
            </p>
            {data.map((subscription) => (
              <PlanCard key={subscription.id} subscription={subscription} onChanged={setDone} />
            ))}
          </>
        )
      }
    </Part>
  )
}

function PlanCard({
  subscription,
  onChanged,
}: {
  readonly subscription: Subscription
  readonly onChanged: (plan: string) => void
}) {
  const { words, format, summary } = usePortal()
  const [isOpen, setOpen] = useState(false)
  const { planned, endsAt, trialEndsAt, periodStart, periodEnd, status } = subscription
  const canChange = subscription.choices.length > 0
  return (
    <article className={`${classes.card} ${classes.row}`}>
      <div>
        <h3 className={classes.planName}>
          {subscription.plan}{' '}
          <span className={classes.state} data-state={status}>
            {words.statuses[status] ?? status}
          </span>
        </h3>
        {periodStart && periodEnd && (
          <p className={classes.hint}>
            {words.period}: {format.period(periodStart, periodEnd)}
          </p>
        )}
        {trialEndsAt && <p>{words.trialEnds(format.day(trialEndsAt))}</p>}
        {endsAt && status !== 'canceled' && <p>{words.ends(format.day(endsAt))}</p>}
        {planned && <p>{words.willBe(planned.plan, format.day(planned.at))}</p>}
        {!canChange && status !== 'canceled' && (
          <p className={classes.hint}>{words.changeAsk(summary.organization.name)}</p>
        )}
      </div>
      {canChange && (
        <Button className={classes.action} onClick={() => setOpen(true)}>
          {words.change}
        </Button>
      )}
      <ChangePlan
        subscription={subscription}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onChanged={onChanged}
      />
    </article>
  )
}
