import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { nameOfCustomer, ROOT } from '../subscriptions/subscriptions-list.tsx'
import { customerQuery } from './customer-query.ts'

/** What a customer is called as soon as it is known; until then, and of one without a name, the id. */
export function CustomerName({ customerId }: { readonly customerId: string }) {
  const environment = useEnvironment()
  const enabled = customerId !== ROOT
  const { data } = useQuery({ ...customerQuery(environment, customerId), enabled })
  return <bdi>{data?.name || nameOfCustomer(customerId)}</bdi>
}
