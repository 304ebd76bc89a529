import { answered } from '../api/client.ts'
import type { Environment } from '../api/environment.tsx'
import type { Endpoint, Policy, PolicySums, Strategy } from '../api/records.ts'
import type { Page } from './list-query.ts'

const PAGE_ROWS = 200 // the most that a list answers at once

/** All policies, also those that hold no more: which of them holds for a request, only all together say. */
export function allPolicies({ api }: Environment): Promise<readonly Policy[]> {
  return everyPage((query) => answered(api.GET('/api/v1/control/policies', { params: { query } })))
}

export function policiesQuery(environment: Environment) {
  return {
    queryKey: [...environment.key, 'policies', 'all'],
    queryFn: () => allPolicies(environment),
  }
}

/** All strategies, also those that nothing new gets. */
export function strategiesQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'strategies', 'all'],
    queryFn: (): Promise<readonly Strategy[]> =>
      everyPage((query) => answered(api.GET('/api/v1/control/strategies', { params: { query } }))),
  }
}

/** All endpoints with their traffic of the last day. */
export function endpointsQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'endpoints', 'all'],
    queryFn: (): Promise<readonly Endpoint[]> =>
      everyPage((query) => answered(api.GET('/api/v1/control/endpoints', { params: { query } }))),
  }
}

/** What each policy did in the last day. */
export function policySums({ api }: Environment): Promise<readonly PolicySums[]> {
  return everyPage((query) => answered(api.GET('/api/v1/control/decisions', { params: { query } })))
}

async function everyPage<Row>(
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Page<Row>>,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await fetchPage({
      limit: PAGE_ROWS,
      ...(cursor === undefined ? {} : { cursor }),
    })
    rows.push(...page.data)
    cursor = page.nextCursor
  }
  return rows
}
