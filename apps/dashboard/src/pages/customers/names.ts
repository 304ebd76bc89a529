import { type Api, answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'
import { requestsFor } from './requests-for.ts'

/** The organization's own account. */
export const ROOT = '$root'

/** The organization's own account has a name that no customer can have. */
export function nameOfCustomer(customerId: string): string {
  return customerId === ROOT ? 'Own account' : customerId
}

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

/** Of each environment, those who are waiting to be asked for. */
const waiting = new WeakMap<Api, Waiting>()

type Waiting = { readonly ids: string[]; readonly names: Promise<ReadonlyMap<string, string>> }

async function nameOf(api: Api, customerId: string): Promise<string> {
  const { ids, names } = waiting.get(api) ?? begin(api)
  ids.push(customerId)
  return (await names).get(customerId) ?? ''
}

function begin(api: Api): Waiting {
  const ids: string[] = []
  const names = nextTurn().then(() => {
    waiting.delete(api)
    return askFor(api, ids)
  })
  const begun = { ids, names }
  waiting.set(api, begun)
  return begun
}

async function askFor(api: Api, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(
    requestsFor(ids).map((customerId) => {
      const query = { customerId, limit: customerId.length }
      return answered(api.GET('/api/v1/customers', { params: { query } }))
    }),
  )
  return new Map(answers.flatMap(({ data }) => data.map((one) => [one.customerId, one.name])))
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
