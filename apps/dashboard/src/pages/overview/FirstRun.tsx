import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { invitationsQuery, keysQuery, membersQuery } from '../../api/organization.ts'
import type { Overview } from '../../api/records.ts'
import { metersQuery, plansQuery } from '../../components/catalog.ts'
import { Icon } from '../../ui/icon.tsx'
import { PageLink } from '../../ui/page.tsx'
import classes from './overview.module.css'

type Step = { readonly text: string; readonly to: string; readonly isDone: boolean }

/** The way from an empty environment to the first webhook, ticking itself; gone when it was walked. */
export function FirstRun({ overview }: { readonly overview: Overview }) {
  const steps = useSteps(overview)
  if (steps === null || steps.every(({ isDone }) => isDone)) return null
  const done = steps.filter(({ isDone }) => isDone).length
  return (
    <section className={classes.guide} aria-labelledby="first-run">
      <Title order={2} size="md" id="first-run">
        Get started
      </Title>
      <Text size="sm" c="dimmed">
        {done} of {steps.length} done. Every step ticks itself when the thing is there.
      </Text>
      <ol className={classes.steps}>
        {steps.map(({ text, to, isDone }) => (
          <li key={text} className={classes.step} data-done={isDone || undefined}>
            <span className={classes.mark}>
              {isDone && <Icon name="check" size={11} />}
              <span hidden>{isDone ? 'Done:' : 'To do:'}</span>
            </span>
            <PageLink to={to}>{text}</PageLink>
          </li>
        ))}
      </ol>
    </section>
  )
}

function useSteps(overview: Overview): readonly Step[] | null {
  const environment = useEnvironment()
  const { paths } = environment
  const { data: meters } = useQuery(metersQuery(environment))
  const { data: plans } = useQuery(plansQuery(environment))
  const organization = useOrganizationSteps()
  if (!meters || !plans || organization === null) return null
  const { usage, subscriptions, hasInvoices, webhooks } = overview
  const isPriced = plans.some(({ versions }) => versions.some(({ prices }) => prices.length > 0))
  const subscribed = Object.values(subscriptions.byStatus).some((count) => count > 0)
  return [
    { text: 'Create an organization', to: paths.overview, isDone: true },
    { text: 'Define a meter', to: paths.newMeter, isDone: meters.length > 0 },
    { text: 'Create a pricing plan', to: paths.newPlan, isDone: plans.length > 0 },
    { text: 'Give the plan a price for the meter', to: paths.plans, isDone: isPriced },
    { text: 'Activate a subscription', to: paths.newSubscription, isDone: subscribed },
    ...organization.keys,
    { text: 'Send your first usage event', to: paths.events, isDone: usage.hasEvents },
    {
      text: 'See the usage added up',
      to: paths.meters,
      isDone: usage.hasEvents && meters.length > 0,
    },
    {
      text: 'Have a webhook told what happens',
      to: paths.webhooks,
      isDone: webhooks.endpoints > 0,
    },
    { text: 'Get the first invoice', to: paths.invoices, isDone: hasInvoices },
    ...organization.team,
  ]
}

/** Steps of the organization, for those who may see whether they are done. */
function useOrganizationSteps(): Record<'keys' | 'team', readonly Step[]> | null {
  const environment = useEnvironment()
  const { paths, organization, mode } = environment
  const seesKeys = organization.permissions.includes('keys:read')
  const keys = useQuery({ ...keysQuery(environment), enabled: seesKeys }).data
  const members = useQuery(membersQuery(environment)).data
  const invitations = useQuery(invitationsQuery(environment)).data
  if ((seesKeys && !keys) || !members || !invitations) return null
  const hasKey = keys?.some((key) => key.mode === mode) ?? false
  const isTeam = members.length + invitations.length > 1
  return {
    keys: seesKeys ? [{ text: 'Generate an API key', to: paths.keys, isDone: hasKey }] : [],
    team: [{ text: 'Manage your team', to: paths.team, isDone: isTeam }],
  }
}
