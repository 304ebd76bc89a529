import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { ListPage } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { Tile, Tiles } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Amount } from './credit-amount.tsx'
import { creditsList } from './credits-list.tsx'
import { GrantButton } from './GrantButton.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/customers/user_123/credits \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"amountMinor": "10000", "currency": "USD", "name": "Prepaid"}'`

function totalsQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'credits', 'totals'],
    queryFn: () => answered(api.GET('/api/v1/credits/totals')),
  }
}

/** What all customers were granted. */
export function CreditsPage() {
  const { paths } = useEnvironment()
  const action = <GrantButton />
  return (
    <ListPage
      list={creditsList}
      title="Credits"
      sentence="What customers were granted, and what is left of it. Invoices use credits before they ask for money."
      action={action}
      above={<Totals />}
      rowHref={({ customerId }) => paths.credits(customerId)}
      empty={
        <EmptyState title="No credits yet" action={action} example={EXAMPLE}>
          A grant gives a customer units of a meter, or an amount of money. Invoices use it up
          before they ask for money, and a ledger keeps every step. Plans can grant credits anew in
          each period.
        </EmptyState>
      }
    />
  )
}

/** What all customers together can use now. */
function Totals() {
  const environment = useEnvironment()
  const { data: meters = [] } = useQuery(metersQuery(environment))
  return (
    <Loaded query={totalsQuery(environment)} height={90}>
      {({ data }) =>
        data.length > 0 && (
          <Tiles>
            {data.map(({ meterId, currency, left, customers }) => (
              <Tile
                key={meterId ?? currency}
                label={
                  meterId === null
                    ? `Money in ${currency}`
                    : (meters.find(({ id }) => id === meterId)?.name ?? 'Units')
                }
                value={<Amount amount={left} currency={currency} />}
                hint={`left, of ${customers} ${customers === 1 ? 'customer' : 'customers'}`}
              />
            ))}
          </Tiles>
        )
      }
    </Loaded>
  )
}
