import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Application } from '../../api/records.ts'
import { type ListDefinition, ListPage } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { RealTime } from '../../components/RealTime.tsx'
import { Nothing, Time } from '../../ui/values.tsx'
import { StartGuide } from './StartGuide.tsx'

const applicationsList: ListDefinition<Application> = {
  name: 'applications',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/control/applications', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    {
      id: 'name',
      header: 'Application',
      value: ({ name }) => name,
      cell: ({ name }) => <bdi>{name}</bdi>,
    },
    {
      id: 'processes',
      header: 'Processes',
      align: 'right',
      value: ({ processes }) => processes,
    },
    { id: 'agents', header: 'Runs', value: agentsOf, cell: Agents },
    {
      id: 'seen',
      header: 'Last seen',
      value: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <Time at={lastSeenAt} />,
    },
    {
      id: 'first',
      header: 'First seen',
      value: ({ firstSeenAt }) => firstSeenAt,
      cell: ({ firstSeenAt }) => <Time at={firstSeenAt} />,
    },
  ],
}

type Running = Pick<Application, 'agents'>

function agentsOf({ agents }: Running): string {
  return agents.join(', ')
}

/** Package and language of the processes that report, with their versions. */
export function Agents(application: Running) {
  return application.agents.length === 0 ? <Nothing /> : <bdi>{agentsOf(application)}</bdi>
}

/** The services that ask what holds for them. */
export function ApplicationsPage() {
  const { paths } = useEnvironment()
  return (
    <RealTime>
      <ListPage
        list={applicationsList}
        title="Applications"
        sentence="Your services, each from when a package in it first asked what holds."
        rowHref={({ name }) => paths.application(name)}
        empty={<StartGuide title="No applications yet" />}
      />
    </RealTime>
  )
}
