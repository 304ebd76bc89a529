import { queryOptions } from '@tanstack/react-query'
import { callAccount } from './client.ts'
import { ApiError } from './errors.ts'
import type { paths } from './schema.gen.ts'

type Answer<
  Path extends '/api/v1/session' | '/api/v1/sign-in-options' | '/api/v1/development/outbox',
> = paths[Path]['get']['responses'][200]['content']['application/json']

export type Session = Answer<'/api/v1/session'>
export type SessionOrganization = Session['organizations'][number]
export type Outbox = Answer<'/api/v1/development/outbox'>
type SignInOptions = Answer<'/api/v1/sign-in-options'>

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
