import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Application } from '../../api/records.ts'
import { List } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, StateBadge, Time } from '../../ui/values.tsx'
import { endpointsList } from '../endpoints/endpoints-list.tsx'
import { Warnings } from '../endpoints/Warnings.tsx'
import { Requests } from '../requests/Requests.tsx'
import { Agents } from './applications.tsx'
import { Processes } from './Processes.tsx'

function applicationQuery({ api, key }: Environment, applicationName: string) {
  return {
    queryKey: [...key, 'applications', applicationName],
    queryFn: () =>
      answered(
        api.GET('/api/v1/control/applications/{applicationName}', {
          params: { path: { applicationName } },
        }),
      ),
  }
}

export function ApplicationPage() {
  const environment = useEnvironment()
  const { applicationName } = useParams({ strict: false }) as { applicationName: string }
  return (
    <RealTime>
      <Loaded query={applicationQuery(environment, applicationName)} height={420}>
        {(application) => <ApplicationRecord application={application} />}
      </Loaded>
    </RealTime>
  )
}

/** The list that already stands for one application needs neither its column nor its filter. */
const endpointsOfOne = {
  ...endpointsList,
  columns: endpointsList.columns.filter(({ id }) => id !== 'application'),
  filters: (endpointsList.filters ?? []).filter(({ name }) => name !== 'application'),
}

function ApplicationRecord({ application }: { readonly application: Application }) {
  const { paths } = useEnvironment()
  const { id, name, processes, firstSeenAt, lastSeenAt } = application
  return (
    <RecordPage
      title={<bdi>{name}</bdi>}
      badge={<StateBadge state={processes > 0 ? 'active' : 'silent'} />}
      sentence={<Id value={id} whole />}
      record={application}
      call={`GET /api/v1/control/applications/${encodeURIComponent(name)}`}
      facts={{
        Processes: processes,
        Runs: <Agents agents={application.agents} />,
        'First seen': <Time at={firstSeenAt} />,
        'Last seen': <Time at={lastSeenAt} />,
      }}
      tabs={[
        {
          id: 'endpoints',
          label: 'Endpoints',
          content: (
            <List
              list={endpointsOfOne}
              label="Endpoints"
              fixed={{ application: name }}
              rowHref={(endpoint) => paths.endpoint(endpoint.id)}
              empty={
                <EmptyState title="No endpoints yet">
                  It has asked what holds for it, and has told of no route or request so far.
                </EmptyState>
              }
            />
          ),
        },
        { id: 'processes', label: 'Processes', content: <Processes application={name} /> },
        {
          id: 'requests',
          label: 'Requests',
          content: <Requests of={{ application: name }} />,
        },
      ]}
    >
      <Warnings application={name} />
    </RecordPage>
  )
}
