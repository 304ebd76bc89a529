import { answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'

const TRIGGERS_MAX = 200

/** Which account of Stripe the environment is bound to, if any. */
export function connectionQuery({ api, key }: Environment) {
  return { queryKey: [...key, 'stripe'], queryFn: () => answered(api.GET('/api/v1/stripe')) }
}

/** All of them: a meter has one or two. */
export function triggersQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'stripe-sync', 'all'],
    queryFn: async (): Promise<readonly StripeTrigger[]> => {
      const params = { query: { limit: TRIGGERS_MAX } }
      return (await answered(api.GET('/api/v1/stripe/triggers', { params }))).data
    },
  }
}
