import { Button, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { inkOn } from './accent.ts'
import classes from './portal.module.css'
import { answered } from './portal-api.ts'
import { usePart, usePortal } from './portal-context.tsx'

/** The organization's name, logo and colour around everything. */
export function PortalFrame({ children }: { readonly children: ReactNode }) {
  const { summary, words, format } = usePortal()
  const { organization, customer, isTest, returnUrl, expiresAt } = summary
  useAccent(organization.accentColor)
  return (
    <div className={classes.frame}>
      <header className={classes.header}>
        <div className={classes.brand}>
          {organization.hasLogo && <Logo name={organization.name} />}
          <span className={classes.seller}>{organization.name}</span>
        </div>
        {returnUrl && (
          <a className={classes.link} href={returnUrl}>
            {words.back(organization.name)}
          </a>
        )}
      </header>
      {isTest && <p className={classes.test}>{words.testOnly}</p>}
      <main className={classes.main}>
        <Title order={1} size={24}>
          {customer.name ?? words.yourAccount}
        </Title>
        <p className={classes.hint}>{words.with(organization.name)}</p>
        {children}
      </main>
      <footer className={classes.footer}>
        {organization.email && (
          <a className={classes.link} href={`mailto:${organization.email}`}>
            {organization.email}
          </a>
        )}
        <span>{words.until(format.instant(expiresAt))}</span>
      </footer>
    </div>
  )
}

/** The colour is set by a script, since a policy keeps styles out of the page; what is written on it can be read. */
function useAccent(color: string | null): void {
  useEffect(() => {
    if (color === null) return
    const { style } = document.documentElement // dialogs stand beside the frame
    style.setProperty('--portal-accent', color)
    style.setProperty('--portal-ink', inkOn(color))
    return () => {
      style.removeProperty('--portal-accent')
      style.removeProperty('--portal-ink')
    }
  }, [color])
}

function Logo({ name }: { readonly name: string }) {
  const { data } = usePart(['logo'], (api) => answered(api.GET('/api/portal/v1/logo')))
  if (!data?.image) return null
  return <img className={classes.logo} src={data.image} alt={name} />
}

/** What stands there when nothing else can be shown. */
export function WholePage({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly action?: { readonly label: string; readonly run: () => void }
}) {
  return (
    <main className={classes.whole}>
      <Title order={1} size={22}>
        {title}
      </Title>
      <div className={classes.wholeText}>{children}</div>
      {action && (
        <Button variant="default" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </main>
  )
}
