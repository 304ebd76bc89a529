import { Group } from '@mantine/core'
import { useEnvironment } from '../../api/environment.tsx'
import { PageLink, Section } from '../../ui/page.tsx'
import { BalancesOf } from '../credits/Balances.tsx'
import { GrantButton } from '../credits/GrantButton.tsx'
import { Grants } from '../credits/Grants.tsx'

/** What a customer has, and every grant that it comes from. */
export function CustomerCredits({ customerId }: { readonly customerId: string }) {
  const { paths } = useEnvironment()
  return (
    <>
      <BalancesOf customerId={customerId} />
      <Section
        title="Grants"
        aside={
          <Group gap="sm">
            <PageLink to={paths.credits(customerId)}>Ledger</PageLink>
            <GrantButton customerId={customerId} />
          </Group>
        }
      >
        <Grants customerId={customerId} />
      </Section>
    </>
  )
}
