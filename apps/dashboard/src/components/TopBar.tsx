import {
  ActionIcon,
  Breadcrumbs,
  Group,
  Kbd,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { callAccount } from '../api/client.ts'
import { useEnvironment } from '../api/environment.tsx'
import type { Session } from '../api/session.ts'
import { publicPaths } from '../paths.ts'
import { shortId } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { PageLink } from '../ui/page.tsx'
import { ALL_PLACES } from './navigation.ts'
import { useSignOut } from './sign-out.ts'
import classes from './TopBar.module.css'

const FRESHNESS_ASKED_MS = 15_000

export function TopBar({ session, menu }: { readonly session: Session; readonly menu: ReactNode }) {
  return (
    <header className={classes.bar}>
      {menu}
      <Crumbs />
      <Group gap={6} ml="auto" wrap="nowrap">
        <Freshness />
        <UnstyledButton className={classes.search} onClick={spotlight.open} aria-label="Search">
          <Icon name="search" size={14} />
          <span className={classes.wide}>Search</span>
          <Kbd size="xs" className={classes.wide}>
            /
          </Kbd>
        </UnstyledButton>
        <SchemeToggle />
        <UserMenu session={session} />
      </Group>
    </header>
  )
}

/** What has no list of its own, by where it is listed. */
const LISTED_UNDER: Readonly<Record<string, string>> = {
  deliveries: 'webhooks',
  'sync-records': 'stripe-sync',
}

/** The way to this page: the list that it belongs to, and which of it this is. */
function Crumbs() {
  const { paths } = useEnvironment()
  const { pathname } = useLocation()
  const [section = '', rest] = pathname.slice(paths.overview.length + 1).split('/')
  const list = `${paths.overview}/${LISTED_UNDER[section] ?? section}`
  const place = ALL_PLACES.find(({ to }) => to(paths) === list)
  if (!place) return <Text className={classes.here}>Overview</Text>
  if (!rest) return <Text className={classes.here}>{place.label}</Text>
  return (
    <Breadcrumbs separatorMargin={6} className={classes.crumbs}>
      <PageLink to={list}>{place.label}</PageLink>
      <Text className={classes.here}>
        <NameOf section={section} id={decodeURIComponent(rest)} />
      </Text>
    </Breadcrumbs>
  )
}

/** Its number or name, as soon as the page itself knows it; until then, and where it has none, the id. */
function NameOf({ section, id }: { readonly section: string; readonly id: string }) {
  const { key } = useEnvironment()
  const queryKey = [...key, section === 'credits' ? 'customers' : section, id]
  const { data } = useQuery<Readonly<Record<string, unknown>>>({ queryKey, enabled: false })
  const names = [data?.number, data?.name, data?.customerId, data?.route]
  const name = names.find((each) => typeof each === 'string' && each !== '')
  return <bdi>{typeof name === 'string' ? name : (NO_RECORDS[id] ?? shortId(id))}</bdi>
}

/** What stands in the address where an id would. */
const NO_RECORDS: Readonly<Record<string, string>> = { new: 'New', delete: 'Delete' }

/** How far the usage that is shown has been counted. */
function Freshness() {
  const { data } = useQuery({
    queryKey: ['ready'],
    queryFn: () => callAccount<{ usageAsOf: string; usageLagSeconds: number }>('GET', '/ready'),
    refetchInterval: FRESHNESS_ASKED_MS,
    retry: false,
  })
  if (!data) return null
  const isLate = data.usageLagSeconds > 60
  return (
    <Tooltip label={`All events received until ${data.usageAsOf} are counted.`} maw={320}>
      <Text className={classes.fresh} data-late={isLate || undefined}>
        {isLate
          ? `Usage is ${Math.round(data.usageLagSeconds / 60)} min behind`
          : 'Usage up to date'}
      </Text>
    </Tooltip>
  )
}

function SchemeToggle() {
  const scheme = useComputedColorScheme('light')
  const { setColorScheme } = useMantineColorScheme()
  const other = scheme === 'light' ? 'dark' : 'light'
  return (
    <Tooltip label={`Switch to ${other}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Switch to ${other}`}
        onClick={() => setColorScheme(other)}
      >
        <Icon name={other === 'dark' ? 'moon' : 'sun'} />
      </ActionIcon>
    </Tooltip>
  )
}

function UserMenu({ session }: { readonly session: Session }) {
  const navigate = useNavigate()
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Your account">
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.user.email}</Menu.Label>
        <Menu.Item onClick={() => void navigate({ to: publicPaths.account })}>
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/docs/">
          Guide
        </Menu.Item>
        <Menu.Item component="a" href="/docs/api/">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
