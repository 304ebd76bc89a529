import { type Api, answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'

/** The organization's own account. */
export const ROOT = '$root'

/** The organization's own account has a name that no customer can have. */
export function nameOfCustomer(customerId: string): string {
  return customerId === ROOT ? 'Own account' : customerId
}

const NAMES_AT_ONCE = 200
const NAME_KNOWN_MS = 60_000

/** What a customer is called; an empty text when it has no name. The customers of a page are asked for together. */
export function nameQuery({ api, key }: Environment, customerId: string) {
  return {
    queryKey: [...key, 'customers', customerId, 'name'],
    queryFn: () => nameOf(api, customerId),
    staleTime: NAME_KNOWN_MS,
    enabled: customerId !== ROOT,
  }
}

type Batch = { readonly ids: string[]; readonly names: Promise<ReadonlyMap<string, string>> }

/** Of each environment, those who are waiting to be asked for. */
const waiting = new WeakMap<Api, Batch>()

async function nameOf(api: Api, customerId: string): Promise<string> {
  const batch = waiting.get(api) ?? begin(api)
  batch.ids.push(customerId)
  if (batch.ids.length === NAMES_AT_ONCE) waiting.delete(api)
  return (await batch.names).get(customerId) ?? ''
}

function begin(api: Api): Batch {
  const ids: string[] = []
  const names = nextTurn().then(async () => {
    if (waiting.get(api) === batch) waiting.delete(api)
    const query = { customerId: ids, limit: NAMES_AT_ONCE }
    const { data } = await answered(api.GET('/api/v1/customers', { params: { query } }))
    return new Map(data.map((one) => [one.customerId, one.name]))
  })
  const batch = { ids, names }
  waiting.set(api, batch)
  return batch
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
