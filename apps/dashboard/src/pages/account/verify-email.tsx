import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { callAccount } from '../../api/client.ts'
import { messageOf } from '../../api/errors.ts'
import { publicPaths } from '../../paths.ts'
import { PageLink } from '../../ui/page.tsx'
import { BlockSkeleton } from '../../ui/states.tsx'
import { AccountCard } from './AccountCard.tsx'

/** Where the link of the message leads that proves an address. */
export function VerifyEmailPage() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string }
  const { isPending, error } = useQuery({
    queryKey: ['verify-email', token],
    queryFn: async () => {
      await callAccount('GET', `/api/auth/verify-email?${new URLSearchParams({ token })}`)
      return true
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY, // the link works once
  })
  if (isPending)
    return (
      <AccountCard title="One moment">
        <BlockSkeleton height={36} />
      </AccountCard>
    )
  if (error)
    return (
      <AccountCard title="This link does not work" sentence={messageOf(error)}>
        <PageLink to={publicPaths.signIn}>Sign in, and ask for another</PageLink>
      </AccountCard>
    )
  return (
    <AccountCard title="Your address is confirmed" sentence="You are in.">
      <Button component={Link} to="/">
        Go on
      </Button>
    </AccountCard>
  )
}
