import { Text } from '@mantine/core'
import { useEnvironment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { PageLink, Section } from '../../ui/page.tsx'
import { StateBadge } from '../../ui/values.tsx'
import { triggersQuery } from './stripe-queries.ts'

/** Whether Stripe is told of usage, and whether it refuses any, where the account stands. */
export function SyncSummary() {
  const environment = useEnvironment()
  return (
    <Section title="Usage that Stripe bills">
      <Loaded height={22} query={triggersQuery(environment)}>
        {(triggers) => (
          <Text>
            <Told triggers={triggers} />{' '}
            <PageLink to={environment.paths.stripeSync} isInText>
              Stripe sync
            </PageLink>
          </Text>
        )}
      </Loaded>
    </Section>
  )
}

function Told({ triggers }: { readonly triggers: readonly StripeTrigger[] }) {
  const running = triggers.filter(({ active }) => active)
  const active = running.filter(({ meter }) => meter !== null).length
  const bills = running.length > active
  const refused = triggers.reduce((sum, { records }) => sum + records.refused, 0)
  const meters = active === 1 ? 'one meter' : `${active} meters`
  return (
    <>
      {active === 0 ? 'Stripe is told of no usage.' : `Stripe is told of ${meters}.`}{' '}
      {bills && 'It bills invoices that are not charged here. '}
      {refused > 0 && (
        <StateBadge state="refused" label={`${formatQuantity(String(refused))} refused`} />
      )}
    </>
  )
}
