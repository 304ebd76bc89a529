import { answered } from '../../api/client.ts'
import type { Endpoint } from '../../api/records.ts'
import { readNow } from '../../clock.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Time } from '../../ui/values.tsx'
import { ApplicationLink } from '../applications/ApplicationLink.tsx'
import { EndpointName, endpointName } from './EndpointName.tsx'
import { figureColumns, moreFigureColumns } from './figure-columns.tsx'

const HOUR_MS = 3_600_000

/** How far back figures of a list go, by what stands in the address; without it, the server's 24 hours. */
const WINDOWS: Readonly<Record<string, { readonly label: string; readonly ms: number }>> = {
  '1h': { label: 'Last hour', ms: HOUR_MS },
  '7d': { label: 'Last 7 days', ms: 7 * 24 * HOUR_MS },
}

export const endpointsList: ListDefinition<Endpoint> = {
  name: 'endpoints',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/control/endpoints', {
        params: { query: pageQuery({ ...request, filters: withInstants(request.filters) }) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    { name: 'q', label: 'Route', placeholder: '/users' },
    { name: 'application', label: 'Application', placeholder: 'shop-api' },
    {
      name: 'window',
      label: 'Window',
      options: Object.entries(WINDOWS).map(([value, { label }]) => ({ value, label })),
    },
  ],
  columns: [
    {
      id: 'endpoint',
      header: 'Endpoint',
      value: endpointName,
      cell: (endpoint) => <EndpointName endpoint={endpoint} />,
    },
    {
      id: 'application',
      header: 'Application',
      value: ({ application }) => application,
      cell: ApplicationLink,
    },
    ...figureColumns,
    {
      id: 'seen',
      header: 'Last seen',
      value: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <Time at={lastSeenAt} />,
    },
    ...moreFigureColumns,
    {
      id: 'first',
      header: 'First seen',
      isExtra: true,
      value: ({ firstSeenAt }) => firstSeenAt,
      cell: ({ firstSeenAt }) => <Time at={firstSeenAt} />,
    },
  ],
}

function withInstants({
  window,
  ...filters
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { ms } = WINDOWS[window ?? ''] ?? {}
  if (ms === undefined) return filters
  const to = readNow()
  return {
    ...filters,
    from: new Date(to.getTime() - ms).toISOString(),
    to: to.toISOString(), // beside `from`: the server's clock may be another
  }
}
