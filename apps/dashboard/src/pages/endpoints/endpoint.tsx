import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { EndpointWithPolicies } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { PageLink } from '../../ui/page.tsx'
import { Id, Nothing, Time } from '../../ui/values.tsx'
import { ApplicationLink } from '../applications/ApplicationLink.tsx'
import { Requests } from '../requests/Requests.tsx'
import { EndpointCustomers } from './EndpointCustomers.tsx'
import { EndpointName } from './EndpointName.tsx'
import { EndpointTraffic } from './EndpointTraffic.tsx'
import { Warnings } from './Warnings.tsx'

function endpointQuery({ api, key }: Environment, endpoint: string) {
  return {
    queryKey: [...key, 'endpoints', endpoint],
    queryFn: () =>
      answered(api.GET('/api/v1/control/endpoints/{endpoint}', { params: { path: { endpoint } } })),
  }
}

export function EndpointPage() {
  const environment = useEnvironment()
  const { endpointId } = useParams({ strict: false }) as { endpointId: string }
  return (
    <RealTime>
      <Loaded query={endpointQuery(environment, endpointId)} height={520}>
        {(endpoint) => <EndpointRecord endpoint={endpoint} />}
      </Loaded>
    </RealTime>
  )
}

function EndpointRecord({ endpoint }: { readonly endpoint: EndpointWithPolicies }) {
  const { id, application, firstSeenAt, lastSeenAt } = endpoint
  return (
    <RecordPage
      title={<EndpointName endpoint={endpoint} />}
      sentence={<Id value={id} whole />}
      record={endpoint}
      call={`GET /api/v1/control/endpoints/${id}`}
      actions={<AddMetering endpoint={endpoint} />}
      facts={{
        Application: <ApplicationLink application={application} />,
        Policy: <Policies endpoint={endpoint} />,
        'First seen': <Time at={firstSeenAt} />,
        'Last seen': <Time at={lastSeenAt} />,
      }}
      tabs={[
        { id: 'traffic', label: 'Traffic', content: <EndpointTraffic endpointId={id} /> },
        { id: 'customers', label: 'Customers', content: <EndpointCustomers endpointId={id} /> },
        {
          id: 'requests',
          label: 'Requests',
          content: <Requests of={{ endpoint: id }} />,
        },
      ]}
    >
      <Warnings endpointId={id} />
    </RecordPage>
  )
}

/** Those that cover it, each with what it does there. */
function Policies({ endpoint: { policies } }: { readonly endpoint: EndpointWithPolicies }) {
  const { paths } = useEnvironment()
  if (policies.length === 0) return <Nothing />
  return policies.map(
    ({ id, key, name, mode, limits, meters }): ReactNode => (
      <div key={id}>
        <PageLink to={paths.policy(key)}>
          <bdi>{name}</bdi>
        </PageLink>{' '}
        {[
          ...(mode === 'shadow' ? ['shadow'] : []),
          limits === 0 ? 'no limits' : limits === 1 ? '1 limit' : `${limits} limits`,
          meters ? 'meters' : 'meters nothing',
        ].join(', ')}
      </div>
    ),
  )
}

/** The way to where its requests become usage: to the policy that it has, or to a new one for its route. */
function AddMetering({ endpoint }: { readonly endpoint: EndpointWithPolicies }) {
  const { paths } = useEnvironment()
  const { application, method, route, policies } = endpoint
  const [policy] = policies
  const pattern = new URLSearchParams({ application, method: method ?? '*', url: route ?? '*' })
  return (
    <GuardedButton
      permission="control:write"
      to={policy ? paths.policy(policy.key) : `${paths.newPolicy}?${pattern}`}
      refusal={
        route === null
          ? 'These requests have no route that a policy could name.'
          : policy?.meters
            ? 'A policy meters it already.'
            : null
      }
    >
      Add metering
    </GuardedButton>
  )
}
