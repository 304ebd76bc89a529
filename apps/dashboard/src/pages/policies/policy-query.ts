import { answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'

export function policyQuery({ api, key }: Environment, policy: string) {
  return {
    queryKey: [...key, 'policies', policy],
    queryFn: () =>
      answered(api.GET('/api/v1/control/policies/{policy}', { params: { path: { policy } } })),
  }
}

/** What its limits did in these hours; the last 24, where none are given. */
export function decisionsQuery(
  { api, key }: Environment,
  policy: string,
  query: { readonly from?: string; readonly to?: string } = {},
) {
  return {
    queryKey: [...key, 'policies', policy, 'decisions', query],
    queryFn: () =>
      answered(
        api.GET('/api/v1/control/policies/{policy}/decisions', {
          params: { path: { policy }, query },
        }),
      ),
  }
}
