import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { sessionQuery } from '../../api/session.ts'
import { useSignOut } from '../../components/sign-out.ts'
import { WaitingPage } from '../../components/whole-pages.tsx'
import { publicPaths } from '../../paths.ts'
import { PageHeader, Section } from '../../ui/page.tsx'
import { ChangePassword } from './ChangePassword.tsx'
import { Profile } from './Profile.tsx'
import { Sessions } from './Sessions.tsx'
import { TwoFactor } from './TwoFactor.tsx'
import classes from './your-account.module.css'

/** What concerns the reader alone, in whatever organization they work. */
export function AccountPage() {
  const { data: session, isPending } = useQuery(sessionQuery)
  const signOut = useSignOut()
  if (isPending) return <WaitingPage />
  if (!session)
    return <Navigate to={publicPaths.signIn} search={{ next: publicPaths.account } as never} />
  return (
    <>
      <header className={classes.bar}>
        <Link to="/" className={classes.mark}>
          <img src="/icon.svg" width={24} height={24} alt="" />
          UsageFlow
        </Link>
        <Button size="xs" variant="default" onClick={() => void signOut()}>
          Sign out
        </Button>
      </header>
      <main className={classes.page}>
        <PageHeader title="Your account" sentence={session.user.email} />
        <Section title="You">
          <Profile user={session.user} />
        </Section>
        <Section title="Password">
          <ChangePassword />
        </Section>
        <Section title="Second factor">
          <TwoFactor isOn={session.user.twoFactor} />
        </Section>
        <Section title="Where you are signed in">
          <Sessions />
        </Section>
      </main>
    </>
  )
}
