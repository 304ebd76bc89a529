import { Box, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { ControlWarning } from '../../api/records.ts'
import { PageLink, Points, Section } from '../../ui/page.tsx'
import { Time } from '../../ui/values.tsx'
import { ApplicationLink } from '../applications/ApplicationLink.tsx'
import { EndpointName } from './EndpointName.tsx'

const REFRESH_MS = 30_000
const SHOWN = 4 // above a list, which is what one came for

function warningsQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'control-warnings'],
    queryFn: () => answered(api.GET('/api/v1/control/warnings')),
    refetchInterval: REFRESH_MS,
  }
}

/** What is the matter with applications, and what to do; of one of them or of one endpoint, where given. Nothing when there is nothing. */
export function Warnings({
  application,
  endpointId,
}: {
  readonly application?: string
  readonly endpointId?: string
}) {
  const [isWhole, setWhole] = useState(false)
  const { data } = useQuery(warningsQuery(useEnvironment()))
  const warnings = (data?.data ?? []).filter(
    (warning) =>
      (application === undefined || warning.application === application) &&
      (endpointId === undefined || warning.endpoint?.id === endpointId),
  )
  if (warnings.length === 0) return null
  const shown = isWhole ? warnings : warnings.slice(0, SHOWN)
  return (
    <Box mb="lg">
      <Section
        title="Needs you"
        aside={
          warnings.length > SHOWN && (
            <Button size="compact-xs" variant="subtle" onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Show fewer' : `Show all ${warnings.length}`}
            </Button>
          )
        }
      >
        <Points>
          {shown.map((warning) => (
            <li key={`${warning.kind} ${warning.application} ${warning.endpoint?.id}`}>
              <Subject warning={warning} /> {warning.message} <Time at={warning.at} />
            </li>
          ))}
        </Points>
      </Section>
    </Box>
  )
}

function Subject({ warning: { application, endpoint } }: { readonly warning: ControlWarning }) {
  const { paths } = useEnvironment()
  if (endpoint === null) return <ApplicationLink application={application} isInText />
  return (
    <PageLink to={paths.endpoint(endpoint.id)} isInText>
      <EndpointName endpoint={endpoint} />
    </PageLink>
  )
}
