import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { BalanceTiles } from './BalanceTiles.tsx'

/** What a customer has now. */
export function BalancesOf({ customerId }: { readonly customerId: string }) {
  const { api, key } = useEnvironment()
  return (
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
  )
}
