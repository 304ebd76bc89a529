import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { callAccount } from '../../api/client.ts'

const NEXT = 'usageflow-next'

/** Where somebody was on the way to before they were sent to their issuer, in this tab. */
export const nextAfterSignOn = {
  read: (): string | undefined => window.sessionStorage.getItem(NEXT) ?? undefined,
  keep: (next: string | undefined): void => {
    if (next === undefined) window.sessionStorage.removeItem(NEXT)
    else window.sessionStorage.setItem(NEXT, next)
  },
}

/** Leaves for the issuer of an organization, named by itself or by an address. */
export function useBeginSignOn() {
  const { next } = useSearch({ strict: false }) as { next?: string }
  return useMutation<{ url: string }, Error, { email: string } | { organizationId: string }>({
    mutationFn: (body) => callAccount('POST', '/api/auth/sign-on/begin', { body }),
    onSuccess: ({ url }) => {
      nextAfterSignOn.keep(next)
      window.location.assign(url)
    },
  })
}
