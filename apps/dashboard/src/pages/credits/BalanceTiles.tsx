import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { Tile, Tiles } from '../../ui/page.tsx'
import { Amount, type CreditAmount } from './credit-amount.tsx'

type Balance = {
  readonly kind: 'units' | 'money'
  readonly meterId: string | null
  readonly currency: string | null
  readonly left: CreditAmount
  readonly held: CreditAmount
  readonly available: CreditAmount
}

/** What is there to be used now, of every kind of credit. */
export function BalanceTiles({ balances }: { readonly balances: readonly Balance[] }) {
  const environment = useEnvironment()
  const { data: meters = [] } = useQuery(metersQuery(environment))
  if (balances.length === 0) return null
  return (
    <Tiles>
      {balances.map((balance) => {
        const { kind, meterId, currency, available, held } = balance
        const meter = meters.find(({ id }) => id === meterId)
        return (
          <Tile
            key={`${kind} ${meterId} ${currency}`}
            label={kind === 'money' ? `Money in ${currency}` : (meter?.name ?? 'Units')}
            value={<Amount amount={available} currency={currency} />}
            hint={
              <>
                available; <Amount amount={held} currency={currency} /> held
              </>
            }
          />
        )
      })}
    </Tiles>
  )
}
