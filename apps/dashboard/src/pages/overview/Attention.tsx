import type { ReactNode } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import type { Overview } from '../../api/records.ts'
import type { EnvironmentPaths } from '../../paths.ts'
import { PageLink, Points, Section } from '../../ui/page.tsx'

const LAG_SECONDS_MAX = 120

/** What will not go on by itself, each with the way to exactly that. Nothing is shown when there is nothing. */
export function Attention({ overview }: { readonly overview: Overview }) {
  const { paths } = useEnvironment()
  const { usage, webhooks, refusedByStripe } = overview
  const isLate = usage.lagSeconds > LAG_SECONDS_MAX
  const counted = countedPoints(overview, paths).filter(({ count }) => count > 0)
  const others = webhooks.troubled.length + refusedByStripe.length
  if (counted.length === 0 && others === 0 && !isLate) return null
  return (
    <Section title="Needs you">
      <Points>
        {isLate && (
          <li>Usage is counted {Math.round(usage.lagSeconds / 60)} minutes behind the events.</li>
        )}
        {counted.map(({ count, what, text, to }) => (
          <Point key={to} to={to} text={text}>
            {count} {what}
            {count === 1 ? '' : 's'}
          </Point>
        ))}
        {webhooks.troubled.map(({ id, url, trouble }) => (
          <Point key={id} to={paths.webhook(id)} text={TROUBLES[trouble]}>
            <bdi>{url}</bdi>
          </Point>
        ))}
        {refusedByStripe.map(({ triggerId, refused }) => (
          <Point
            key={triggerId}
            to={`${paths.stripeTrigger(triggerId)}?state=refused`}
            text="refused by Stripe"
          >
            {refused} {refused === 1 ? 'record' : 'records'}
          </Point>
        ))}
      </Points>
    </Section>
  )
}

const TROUBLES = {
  failing: 'is told of facts, and fails at the moment',
  disabled: 'is told nothing any more, since nothing reached it',
} as const

/** Counted by the server as it filters the lists that they lead to. */
function countedPoints({ owed, subscriptions }: Overview, paths: EnvironmentPaths) {
  return [
    {
      count: owed.reduce((sum, row) => sum + row.overdue, 0),
      text: 'overdue',
      what: 'invoice',
      to: `${paths.invoices}?overdue=true`,
    },
    {
      count: owed.reduce((sum, row) => sum + row.failed, 0),
      text: 'with a failed payment',
      what: 'invoice',
      to: `${paths.invoices}?status=failed`,
    },
    {
      count: subscriptions.parked,
      text: 'whose billing was stopped',
      what: 'subscription',
      to: `${paths.subscriptions}?parked=true`,
    },
  ]
}

function Point({
  to,
  text,
  children,
}: {
  readonly to: string
  readonly text: string
  readonly children: ReactNode
}) {
  return (
    <li>
      <PageLink to={to}>{children}</PageLink> {text}
    </li>
  )
}
