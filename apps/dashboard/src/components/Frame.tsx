import { ActionIcon, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useEnvironment } from '../api/environment.tsx'
import type { Session } from '../api/session.ts'
import { ClockAhead } from '../clock.ts'
import { Icon } from '../ui/icon.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { clockQuery } from './EnvironmentSwitch.tsx'
import classes from './Frame.module.css'
import { Rail } from './Rail.tsx'
import { TopBar } from './TopBar.tsx'

const CLOCKS_DIFFER_MS = 60_000 // a reader's clock that goes a little wrong is no other time

/** What stands around every page of an environment. */
export function Frame({
  session,
  children,
}: {
  readonly session: Session
  readonly children: ReactNode
}) {
  const [isDrawerOpen, drawer] = useDisclosure(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever arrives has no more need of it
  useEffect(drawer.close, [pathname])
  return (
    <EnvironmentClock>
      <div className={classes.frame}>
        <a href="#content" className={classes.skip}>
          Skip to the content
        </a>
        <nav className={classes.rail} aria-label="Main">
          <Rail session={session} />
        </nav>
        <Drawer
          opened={isDrawerOpen}
          onClose={drawer.close}
          size={260}
          title="UsageFlow"
          hiddenFrom="sm"
        >
          <Rail session={session} />
        </Drawer>
        <div className={classes.main}>
          <TopBar
            session={session}
            menu={
              <ActionIcon
                className={classes.menu}
                variant="subtle"
                color="gray"
                aria-label="Open the menu"
                onClick={drawer.open}
              >
                <Icon name="menu" size={18} />
              </ActionIcon>
            }
          />
          <main id="content" className={classes.content} tabIndex={-1}>
            {children}
          </main>
        </div>
        <CommandPalette />
      </div>
    </EnvironmentClock>
  )
}

/** Below it, "an hour ago" is by the time of the environment. */
function EnvironmentClock({ children }: { readonly children: ReactNode }) {
  const { data, dataUpdatedAt } = useQuery(clockQuery(useEnvironment()))
  const aheadMs = data ? new Date(data.now).getTime() - dataUpdatedAt : 0
  const isOurs = Math.abs(aheadMs) < CLOCKS_DIFFER_MS
  return <ClockAhead value={isOurs ? 0 : aheadMs}>{children}</ClockAhead>
}
