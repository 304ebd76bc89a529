import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answered } from '../api/client.ts'
import { type Environment, useEnvironment } from '../api/environment.tsx'
import type { IconName } from '../ui/icon.tsx'
import { metersQuery, plansQuery } from './catalog.ts'

const CHARACTERS_MIN = 2
const TYPING_MS = 150
const CUSTOMERS_SHOWN = 8

export type Named = {
  readonly id: string
  readonly kind: 'customer' | 'meter' | 'plan'
  readonly name: string
  readonly icon: IconName
  readonly to: string
}

/** Customers, meters and plans whose name or id may hold the text. */
export function useNamed(text: string): readonly Named[] {
  const environment = useEnvironment()
  const { paths } = environment
  const [search] = useDebouncedValue(text.trim(), TYPING_MS)
  const enabled = search.length >= CHARACTERS_MIN
  const { data: meters = [] } = useQuery({ ...metersQuery(environment), enabled })
  const { data: plans = [] } = useQuery({ ...plansQuery(environment), enabled })
  const { data: customers = [] } = useQuery({ ...customersQuery(environment, search), enabled })
  if (!enabled) return []
  return [
    ...customers.map(
      ({ customerId, name }): Named => ({
        id: customerId,
        kind: 'customer',
        name: name || customerId,
        icon: 'customers',
        to: paths.customer(customerId),
      }),
    ),
    ...meters.map(
      ({ key, name }): Named => ({
        ...{ id: key, kind: 'meter', name, icon: 'meters', to: paths.meter(key) },
      }),
    ),
    ...plans.map(
      ({ key, name }): Named => ({
        ...{ id: key, kind: 'plan', name, icon: 'plans', to: paths.plan(key) },
      }),
    ),
  ]
}

function customersQuery({ api, key }: Environment, search: string) {
  return {
    queryKey: [...key, 'customers', 'named', search],
    queryFn: async () => {
      const query = { search, limit: CUSTOMERS_SHOWN }
      return (await answered(api.GET('/api/v1/customers', { params: { query } }))).data
    },
    placeholderData: keepPreviousData,
  }
}
