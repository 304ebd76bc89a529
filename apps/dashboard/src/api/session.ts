import { queryOptions } from '@tanstack/react-query'
import { callAccount } from './client.ts'
import { ApiError } from './errors.ts'

export type Role = 'OWNER' | 'ADMIN' | 'DEVELOPER' | 'VIEWER'

export type SessionOrganization = {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** What the role may do, as routes name it. */
  readonly permissions: readonly string[]
  readonly environments: readonly { readonly mode: 'live' | 'test' }[]
}

export type Session = {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly emailVerified: boolean
    readonly twoFactor: boolean
  }
  readonly organizations: readonly SessionOrganization[]
}

export type SignInOptions = { readonly signUp: 'open' | 'closed' | 'first_owner' }

const FRESH_MS = 60_000

/** Who is signed in and where they belong; null: nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await callAccount<Session>('GET', '/api/v1/session')
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: FRESH_MS,
})

/** What the page to sign in offers to somebody whom nobody knows yet. */
export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: () => callAccount<SignInOptions>('GET', '/api/v1/sign-in-options'),
  staleTime: FRESH_MS,
})
