import { answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'
import type { AuditEntry } from '../../api/organization.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Nothing, Time } from '../../ui/values.tsx'
import { actionWords } from './action-words.ts'
import type { Actors } from './actors.ts'
import { EntryButton } from './EntryButton.tsx'

export function auditListOf(actors: Actors): ListDefinition<AuditEntry> {
  return {
    name: 'audit',
    isCostly: true,
    exportAddress,
    fetchPage: ({ api, organizationId }, request) =>
      answered(
        api.GET('/api/v1/organizations/{organizationId}/audit', {
          params: {
            path: { organizationId },
            query: pageQuery({ ...request, filters: withInstants(request.filters) }),
          },
          signal: request.signal,
        }),
      ),
    rowId: ({ id }) => id,
    filters: [
      { name: 'actor', label: 'Who', options: actors.options },
      { name: 'action', label: 'What', placeholder: 'plans' },
      { name: 'target', label: 'Of what', placeholder: 'pro' },
      { name: 'from', label: 'From', isDay: true },
      { name: 'to', label: 'Until', isDay: true },
    ],
    columns: columnsWith(actors),
  }
}

function columnsWith({ nameOf }: Actors): ListDefinition<AuditEntry>['columns'] {
  return [
    {
      id: 'action',
      header: 'What',
      value: ({ action }) => actionWords(action),
      cell: (entry) => <EntryButton entry={entry} actor={nameOf(entry.actor)} />,
    },
    {
      id: 'actor',
      header: 'Who',
      value: ({ actor }) => nameOf(actor),
      cell: ({ actor }) => <bdi>{nameOf(actor)}</bdi>,
    },
    {
      id: 'target',
      header: 'Of what',
      value: ({ target }) => target,
      cell: ({ target }) => (target === null ? <Nothing /> : <bdi>{target}</bdi>),
    },
    { id: 'mode', header: 'Where', value: ({ mode }) => mode ?? 'organization' },
    { id: 'at', header: 'When', value: ({ at }) => at, cell: ({ at }) => <Time at={at} /> },
    { id: 'call', header: 'Call', isExtra: true, value: ({ action }) => action },
    { id: 'request', header: 'Request', isExtra: true, value: ({ requestId }) => requestId },
    { id: 'position', header: 'Seal', isExtra: true, value: ({ position }) => position },
  ]
}

/** The server writes it as it reads, whatever its length. */
function exportAddress({ organizationId }: Environment, filters: Readonly<Record<string, string>>) {
  const query = new URLSearchParams({ ...withInstants(filters), format: 'csv' })
  return `/api/v1/organizations/${organizationId}/audit/export?${query}`
}

/** Days stand in the address, and are the reader's own: "until" means to the end of it. */
function withInstants(filters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { from, to, ...rest } = filters
  return {
    ...rest,
    ...(from === undefined ? {} : { from: midnight(from, 0) }),
    ...(to === undefined ? {} : { to: midnight(to, 1) }),
  }
}

/** What is no day is sent as it is: the server says so. */
function midnight(day: string, daysLater: number): string {
  const at = new Date(`${day}T00:00`)
  if (Number.isNaN(at.getTime())) return day
  at.setDate(at.getDate() + daysLater)
  return at.toISOString()
}
