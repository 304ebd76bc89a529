import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { callAccount } from '../../api/client.ts'
import { publicPaths } from '../../paths.ts'
import { FormError } from '../../ui/form.tsx'
import { PageLink } from '../../ui/page.tsx'
import { AccountCard } from './AccountCard.tsx'
import { useEnter } from './account-call.ts'
import { CodeStep } from './CodeStep.tsx'
import { nextAfterSignOn } from './sign-on-call.ts'

type Entered = { readonly twoFactorRedirect?: boolean } | null

/** Where the issuer of an organization sends people back: hands its answer to the server, once. */
export function SignOnPage() {
  const { organizationId = '' } = useParams({ strict: false }) as { organizationId?: string }
  const [answer] = useState(() => window.location.search.slice(1))
  const enter = useEnter(nextAfterSignOn.read())
  const { data, error } = useQuery({
    queryKey: ['sign-on', organizationId, answer],
    queryFn: async (): Promise<{ needsCode: boolean }> => {
      const body = { organizationId, answer }
      const entered = await callAccount<Entered>('POST', '/api/auth/sign-on/finish', { body })
      if (entered?.twoFactorRedirect) return { needsCode: true }
      await enter()
      return { needsCode: false }
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  if (data?.needsCode) return <CodeStep />
  return (
    <AccountCard
      title={error ? 'You are not signed in' : 'Signing you in'}
      sentence={error ? undefined : 'What your organization says about you is checked.'}
    >
      {error && (
        <>
          <FormError error={error} />
          <PageLink to={publicPaths.signIn}>Begin again</PageLink>
        </>
      )}
    </AccountCard>
  )
}

/** An address of no organization, to which an issuer was told to send people: its answer is for nobody. */
export function LostSignOnPage() {
  return (
    <AccountCard
      title="You are not signed in"
      sentence="Your organization sent you back to an address that is not its own. If that happens again, an OWNER compares the redirect address at the issuer with the one under Settings, Sign-on."
    >
      <PageLink to={publicPaths.signIn}>Begin again</PageLink>
    </AccountCard>
  )
}
