import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { List } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { BalanceTiles } from '../credits/BalanceTiles.tsx'
import { creditsListOf } from '../credits/credits-list.tsx'
import { GrantButton } from '../credits/GrantButton.tsx'

/** What a customer has, and every grant that it comes from. */
export function CustomerCredits({ customerId }: { readonly customerId: string }) {
  const { api, key } = useEnvironment()
  return (
    <>
      <Loaded
        height={90}
        query={{
          queryKey: [...key, 'customers', customerId, 'balance'],
          queryFn: () =>
            answered(
              api.GET('/api/v1/customers/{customerId}/credit-balance', {
                params: { path: { customerId } },
              }),
            ),
        }}
      >
        {({ balances }) => <BalanceTiles balances={balances} />}
      </Loaded>
      <Section title="Grants" aside={<GrantButton customerId={customerId} />}>
        <List
          list={creditsListOf(customerId)}
          label="Grants"
          empty={
            <EmptyState title="No credits">
              Credits are used up before money is asked for: units of a meter, or an amount of
              money.
            </EmptyState>
          }
        />
      </Section>
    </>
  )
}
