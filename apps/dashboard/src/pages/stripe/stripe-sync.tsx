import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { List } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { OutLink, PageHeader, PageLink, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { NewTrigger } from './NewTrigger.tsx'
import { stripeUrl } from './stripe-links.ts'
import { connectionQuery } from './stripe-queries.ts'
import { syncRecordsList } from './sync-records-list.tsx'
import { addsUp } from './trigger-values.ts'
import { triggersList } from './triggers-list.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/stripe/triggers \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"meter": "API_CALL", "priceId": "price_…"}'`

/** What of usage Stripe is told, for those whom it bills. */
export function StripeSyncPage() {
  const { paths } = useEnvironment()
  return (
    <RealTime>
      <PageHeader
        title="Stripe sync"
        sentence="What Stripe is told of usage and invoices, for customers whom Stripe bills: what was sent, what waits, what was refused and why."
        actions={<NewTrigger />}
      />
      <List
        list={triggersList}
        label="Triggers"
        rowHref={({ id }) => paths.stripeTrigger(id)}
        empty={
          <EmptyState title="Stripe is told nothing yet" action={<NewTrigger />} example={EXAMPLE}>
            <Text>
              A trigger ties a meter to one of Stripe. Of each customer and hour Stripe is told what
              was used, and puts it on its own invoices. What comes late, is amended or voided
              follows as a difference. Quantities of subscriptions there can follow a meter as well,
              and invoices of ours can be billed there.
            </Text>
            <Needed />
          </EmptyState>
        }
      />
      <Section title="Records">
        <List
          isSecond
          list={syncRecordsList}
          label="Records"
          rowHref={({ id }) => paths.syncRecord(id)}
          empty={
            <EmptyState title="Nothing was to be sent yet">
              Everything that Stripe is told stands here, with what became of it. The first comes a
              minute after usage was counted.
            </EmptyState>
          }
        />
      </Section>
    </RealTime>
  )
}

/** What there has to be first, and what of it is. */
function Needed() {
  const environment = useEnvironment()
  const { mode, paths } = environment
  const { data: stripe } = useQuery(connectionQuery(environment))
  const { data: meters } = useQuery(metersQuery(environment))
  const accountId = stripe?.connection?.accountId ?? null
  return (
    <>
      <Text mt="sm">It needs</Text>
      <ol>
        <li>
          <PageLink to={`${paths.settings}?tab=stripe`} isInText>
            an account of Stripe
          </PageLink>{' '}
          that is connected here{said(stripe && accountId !== null)}
        </li>
        <li>
          <PageLink to={paths.meters} isInText>
            a meter
          </PageLink>{' '}
          that counts or adds up{said(meters?.some(addsUp))}
        </li>
        <li>
          <OutLink href={stripeUrl(mode, accountId, 'meters')}>a meter at Stripe</OutLink> that adds
          up (formula sum), and a usage-based price on it
        </li>
      </ol>
    </>
  )
}

function said(isThere: boolean | undefined): string {
  if (isThere === undefined) return ''
  return isThere ? ': there is' : ': there is none yet'
}
