import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useParams } from '@tanstack/react-router'
import { EnvironmentProvider } from '../api/environment.tsx'
import { sessionQuery } from '../api/session.ts'
import { publicPaths } from '../paths.ts'
import { DeletedOrganization } from './DeletedOrganization.tsx'
import { Frame } from './Frame.tsx'
import { LostPage, WaitingPage } from './whole-pages.tsx'

/** Finds the environment that the address names, if the reader belongs to it. */
export function EnvironmentLayout() {
  const { organizationId, mode } = useParams({ strict: false }) as {
    organizationId: string
    mode: string
  }
  const { href } = useLocation()
  const { data: session, isPending } = useQuery(sessionQuery)
  if (isPending) return <WaitingPage />
  if (!session) return <Navigate to={publicPaths.signIn} search={{ next: href } as never} />
  const organization = session.organizations.find(({ id }) => id === organizationId)
  if (!organization || (mode !== 'live' && mode !== 'test')) return <LostPage />
  return (
    <EnvironmentProvider organization={organization} mode={mode}>
      {organization.eraseAt === null ? (
        <Frame session={session}>
          <Outlet key={`${organizationId} ${mode}`} />
        </Frame>
      ) : (
        <DeletedOrganization session={session} eraseAt={organization.eraseAt} />
      )}
    </EnvironmentProvider>
  )
}
