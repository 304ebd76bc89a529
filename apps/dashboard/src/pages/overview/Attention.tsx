import { useEnvironment } from '../../api/environment.tsx'
import type { Overview } from '../../api/records.ts'
import { PageLink, Section } from '../../ui/page.tsx'
import classes from './overview.module.css'

const LAG_SECONDS_MAX = 120

/** What will not go on by itself. Nothing is shown when there is nothing. */
export function Attention({ overview }: { readonly overview: Overview }) {
  const { paths } = useEnvironment()
  const { owed, subscriptions, webhooks, usage } = overview
  const overdue = owed.reduce((sum, row) => sum + row.overdue, 0)
  const failed = owed.reduce((sum, row) => sum + row.failed, 0)
  const points = [
    { count: overdue, text: 'overdue', what: 'invoice', to: `${paths.invoices}?status=finalized` },
    {
      count: failed,
      text: 'with a failed payment',
      what: 'invoice',
      to: `${paths.invoices}?status=failed`,
    },
    {
      count: subscriptions.parked,
      text: 'whose billing was stopped',
      what: 'subscription',
      to: paths.subscriptions,
    },
    {
      count: webhooks.disabled,
      text: 'that was disabled, since nothing reached it',
      what: 'webhook endpoint',
      to: paths.webhooks,
    },
    {
      count: webhooks.failing,
      text: 'that fails at the moment',
      what: 'webhook endpoint',
      to: paths.webhooks,
    },
  ].filter(({ count }) => count > 0)
  const isLate = usage.lagSeconds > LAG_SECONDS_MAX
  if (points.length === 0 && !isLate) return null
  return (
    <Section title="Needs you">
      <ul className={classes.points}>
        {isLate && (
          <li>Usage is counted {Math.round(usage.lagSeconds / 60)} minutes behind the events.</li>
        )}
        {points.map(({ count, what, text, to }) => (
          <li key={`${what} ${text}`}>
            <PageLink to={to}>
              {count} {what}
              {count === 1 ? '' : 's'}
            </PageLink>{' '}
            {text}
          </li>
        ))}
      </ul>
    </Section>
  )
}
