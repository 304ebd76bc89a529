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
  const active = triggers.filter(({ active }) => active).length
  const refused = triggers.reduce((sum, { records }) => sum + records.refused, 0)
  if (active === 0) return <>Stripe is told of no usage.</>
  return (
    <>
      Stripe is told of {active === 1 ? 'one meter' : `${active} meters`}.{' '}
      {refused > 0 && (
        <StateBadge state="refused" label={`${formatQuantity(String(refused))} refused`} />
      )}
    </>
  )
}
