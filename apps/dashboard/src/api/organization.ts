import { answered } from './client.ts'
import type { Environment } from './environment.tsx'
import type { paths } from './schema.gen.ts'
import type { SessionOrganization } from './session.ts'

type Below<Rest extends string> = `/api/v1/organizations/{organizationId}/${Rest}`

type Listed<Path extends Below<'members' | 'invitations' | 'keys' | 'audit'>> =
  paths[Path]['get']['responses'][200]['content']['application/json']['data'][number]

export type Member = Listed<Below<'members'>>
export type Invitation = Listed<Below<'invitations'>>
export type ApiKey = Listed<Below<'keys'>>
export type AuditEntry = Listed<Below<'audit'>>
export type Role = SessionOrganization['role']

const NOTED_FRESH_MS = 60_000

/** Of what is noted each time that it is read: looking at a window again is no new reading. */
export const NOTED_READING = {
  staleTime: NOTED_FRESH_MS,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const

/** Who belongs to the organization. */
export function membersQuery({ api, key, organizationId }: Environment) {
  return {
    queryKey: [...key, 'members'],
    queryFn: async (): Promise<readonly Member[]> => {
      const params = { path: { organizationId } }
      const call = api.GET('/api/v1/organizations/{organizationId}/members', { params })
      return (await answered(call)).data
    },
  }
}

/** The invitations that nobody has accepted yet. */
export function invitationsQuery({ api, key, organizationId }: Environment) {
  return {
    queryKey: [...key, 'invitations'],
    queryFn: async (): Promise<readonly Invitation[]> => {
      const params = { path: { organizationId } }
      const call = api.GET('/api/v1/organizations/{organizationId}/invitations', { params })
      return (await answered(call)).data
    },
  }
}

/** The API keys of both environments. */
export function keysQuery({ api, key, organizationId }: Environment) {
  return {
    ...NOTED_READING,
    queryKey: [...key, 'keys'],
    queryFn: async (): Promise<readonly ApiKey[]> => {
      const params = { path: { organizationId } }
      const call = api.GET('/api/v1/organizations/{organizationId}/keys', { params })
      return (await answered(call)).data
    },
  }
}
