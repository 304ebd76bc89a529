import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { callAccount } from '../api/client.ts'
import { publicPaths } from '../paths.ts'

/** Ends the session of this browser; nothing that was read stays in memory. */
export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate()
  const queries = useQueryClient()
  return async () => {
    await callAccount('POST', '/api/auth/sign-out', { body: {} })
    queries.clear()
    await navigate({ to: publicPaths.signIn })
  }
}
