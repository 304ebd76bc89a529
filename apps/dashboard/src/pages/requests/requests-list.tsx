import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { RequestSample } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { formatBytes, formatDuration } from '../../ui/format.ts'
import { PageLink } from '../../ui/page.tsx'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { CustomerLink } from '../customers/CustomerName.tsx'
import { EndpointName, endpointName } from '../endpoints/EndpointName.tsx'

/** Single requests, a few of many. */
export const requestsList: ListDefinition<RequestSample> = {
  name: 'requests',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/control/samples', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    { name: 'status', label: 'Status', options: ['2xx', '3xx', '4xx', '5xx'] },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
  ],
  columns: [
    { id: 'at', header: 'When', value: ({ at }) => at, cell: ({ at }) => <Time at={at} exact /> },
    {
      id: 'endpoint',
      header: 'Endpoint',
      value: endpointName,
      cell: EndpointLink,
    },
    {
      id: 'status',
      header: 'Status',
      value: ({ status }) => status,
      cell: ({ status }) => <StateBadge state={stateOf(status)} label={String(status)} />,
    },
    {
      id: 'duration',
      header: 'Took',
      align: 'right',
      value: ({ durationMs }) => durationMs,
      cell: ({ durationMs }) => formatDuration(durationMs),
    },
    {
      id: 'customer',
      header: 'Customer',
      value: ({ customerId }) => customerId,
      cell: ({ customerId }) =>
        customerId === null ? <Nothing /> : <CustomerLink customerId={customerId} />,
    },
    {
      id: 'from',
      header: 'From',
      value: ({ clientAddress }) => clientAddress,
      cell: ({ clientAddress }) =>
        clientAddress === null ? <Nothing /> : <bdi>{clientAddress}</bdi>,
    },
    {
      id: 'agent',
      header: 'User agent',
      isExtra: true,
      value: ({ userAgent }) => userAgent,
      cell: ({ userAgent }) => (userAgent === null ? <Nothing /> : <bdi>{userAgent}</bdi>),
    },
    {
      id: 'query',
      header: 'Parameters',
      isExtra: true,
      value: ({ queryNames }) => queryNames.join(', '),
    },
    bytesColumn('in', 'Received', ({ requestBytes }) => requestBytes),
    bytesColumn('out', 'Sent', ({ responseBytes }) => responseBytes),
  ],
}

function bytesColumn(
  id: string,
  header: string,
  value: (request: RequestSample) => number | null,
): ListDefinition<RequestSample>['columns'][number] {
  return {
    ...{ id, header, value, align: 'right', isExtra: true },
    cell: (request) => {
      const bytes = value(request)
      return bytes === null ? <Nothing /> : formatBytes(bytes)
    },
  }
}

function EndpointLink(request: RequestSample) {
  return (
    <PageLink to={useEnvironment().paths.endpoint(request.endpointId)}>
      <EndpointName endpoint={request} />
    </PageLink>
  )
}

/** What a status means, in a word that badges know. */
function stateOf(status: number): string {
  if (status >= 500) return 'failed'
  return status >= 400 ? 'failing' : 'succeeded'
}
