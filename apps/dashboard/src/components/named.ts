import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { answered } from '../api/client.ts'
import { type Environment, useEnvironment } from '../api/environment.tsx'
import type { IconName } from '../ui/icon.tsx'
import { customersQuery } from './CustomerField.tsx'
import { metersQuery, plansQuery } from './catalog.ts'

const CHARACTERS_MIN = 2
const TYPING_MS = 150
const SUBSCRIPTIONS_SHOWN = 5

export type Named = {
  readonly id: string
  readonly kind: 'customer' | 'subscription' | 'invoice' | 'meter' | 'plan'
  readonly name: string
  readonly icon: IconName
  readonly to: string
}

/** Customers with their subscriptions, meters and plans whose name or id may hold the text, and the invoice of this number. */
export function useNamed(text: string): readonly Named[] {
  const environment = useEnvironment()
  const { paths } = environment
  const [search] = useDebouncedValue(text.trim(), TYPING_MS)
  const enabled = search.length >= CHARACTERS_MIN
  const { data: meters = [] } = useQuery({ ...metersQuery(environment), enabled })
  const { data: plans = [] } = useQuery({ ...plansQuery(environment), enabled })
  const { data: customers = [] } = useQuery({ ...customersQuery(environment, search), enabled })
  const { data: invoices = [] } = useQuery({ ...invoicesQuery(environment, search), enabled })
  const [first] = customers
  const { data: subscriptions = [] } = useQuery({
    ...subscriptionsQuery(environment, first?.customerId ?? ''),
    enabled: enabled && first !== undefined,
  })
  if (!enabled) return []
  return [
    ...invoices.map(
      ({ id, number }): Named => ({
        ...{ id, kind: 'invoice', name: number ?? id, icon: 'invoices', to: paths.invoice(id) },
      }),
    ),
    ...customers.map(
      ({ customerId, name }): Named => ({
        id: customerId,
        kind: 'customer',
        name: name || customerId,
        icon: 'customers',
        to: paths.customer(customerId),
      }),
    ),
    ...subscriptions.map(
      ({ id, plan }): Named => ({
        id,
        kind: 'subscription',
        name: `${first?.name || first?.customerId} on ${plan}`,
        icon: 'subscriptions',
        to: paths.subscription(id),
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

/** Of the customer who is found first: more of them would be more than anybody reads. */
function subscriptionsQuery({ api, key }: Environment, customerId: string) {
  const query = { customerId, limit: SUBSCRIPTIONS_SHOWN }
  return {
    queryKey: [...key, 'subscriptions', 'named', customerId],
    queryFn: async () =>
      (await answered(api.GET('/api/v1/subscriptions', { params: { query } }))).data,
  }
}

function invoicesQuery({ api, key }: Environment, search: string) {
  const query = { number: search.toUpperCase(), limit: 1 }
  return {
    queryKey: [...key, 'invoices', 'named', query.number],
    queryFn: async () => (await answered(api.GET('/api/v1/invoices', { params: { query } }))).data,
  }
}
