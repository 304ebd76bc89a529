import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type EnvironmentPaths, type EnvironmentRef, pathsOf } from '../paths.ts'
import { type Api, createApi } from './client.ts'
import type { SessionOrganization } from './session.ts'

/** Everything that a page of an environment goes by. */
export type Environment = EnvironmentRef & {
  readonly organization: SessionOrganization
  readonly api: Api
  readonly paths: EnvironmentPaths
  /** Begins the key of every query, so that nothing of one environment is shown in another. */
  readonly key: readonly [string, string]
}

const EnvironmentContext = createContext<Environment | null>(null)

export function EnvironmentProvider({
  organization,
  mode,
  children,
}: {
  readonly organization: SessionOrganization
  readonly mode: 'live' | 'test'
  readonly children: ReactNode
}) {
  const environment = useMemo<Environment>(() => {
    const ref = { organizationId: organization.id, mode }
    return {
      ...ref,
      organization,
      api: createApi(ref),
      paths: pathsOf(ref),
      key: [organization.id, mode],
    }
  }, [organization, mode])
  return <EnvironmentContext value={environment}>{children}</EnvironmentContext>
}

/** The environment that the address names. Only below `EnvironmentProvider`. */
export function useEnvironment(): Environment {
  const environment = useContext(EnvironmentContext)
  if (!environment) throw new Error('a page of an environment stands outside of one')
  return environment
}

/** Why the reader may not do what needs `permission`, in a sentence; null: they may. */
export function useRefusal(permission: string): string | null {
  const { organization } = useEnvironment()
  if (organization.permissions.includes(permission)) return null
  return `Your role ${organization.role} may not do this: it lacks "${permission}".`
}
