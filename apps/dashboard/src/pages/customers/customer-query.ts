import { answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'

/** One customer, by the organization's own id. */
export function customerQuery({ api, key }: Environment, customerId: string) {
  return {
    queryKey: [...key, 'customers', customerId],
    queryFn: () =>
      answered(api.GET('/api/v1/customers/{customerId}', { params: { path: { customerId } } })),
  }
}
