import { useEnvironment } from '../../api/environment.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { StartGuide } from '../applications/StartGuide.tsx'
import { endpointsList } from './endpoints-list.tsx'
import { Warnings } from './Warnings.tsx'

/** What the applications of the environment answer, and how. */
export function EndpointsPage() {
  const { paths } = useEnvironment()
  return (
    <RealTime>
      <ListPage
        list={endpointsList}
        title="Endpoints"
        sentence="The routes of your applications, with their traffic of the last 24 hours or of another window."
        rowHref={({ id }) => paths.endpoint(id)}
        above={<Warnings />}
        empty={<StartGuide title="No endpoints yet" />}
      />
    </RealTime>
  )
}
