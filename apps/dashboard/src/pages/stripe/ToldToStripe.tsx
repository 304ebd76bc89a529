import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { PageLink } from '../../ui/page.tsx'
import { Nothing } from '../../ui/values.tsx'
import { triggersQuery } from './stripe-queries.ts'
import { triggerState } from './triggers-list.tsx'

/** Where what a meter counts is told to Stripe: a link for each trigger. */
export function ToldToStripe({ meter }: { readonly meter: string }) {
  const environment = useEnvironment()
  const { data: triggers = [] } = useQuery(triggersQuery(environment))
  const own = triggers.filter((trigger) => trigger.meter === meter)
  if (own.length === 0) return <Nothing />
  return own.map((trigger, at) => (
    <span key={trigger.id}>
      {at > 0 && ', '}
      <PageLink to={environment.paths.stripeTrigger(trigger.id)}>
        {trigger.eventName || trigger.id}
      </PageLink>
      {!trigger.active && ` (${triggerState(trigger)})`}
    </span>
  ))
}
