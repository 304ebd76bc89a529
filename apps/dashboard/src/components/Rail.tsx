import { Menu, UnstyledButton } from '@mantine/core'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useEnvironment } from '../api/environment.tsx'
import type { Session } from '../api/session.ts'
import { pathsOf, publicPaths } from '../paths.ts'
import { Icon } from '../ui/icon.tsx'
import { EnvironmentSwitch } from './EnvironmentSwitch.tsx'
import { CONTROL_PLACES, ORGANIZATION_PLACES, PLACES, type Place } from './navigation.ts'
import classes from './Rail.module.css'

const CONTROL = 'places-of-control'

/** Where one is, and everything that is there. */
export function Rail({ session }: { readonly session: Session }) {
  return (
    <div className={classes.rail}>
      <OrganizationSwitch session={session} />
      <EnvironmentSwitch />
      <Places places={PLACES} />
      <div>
        <div className={classes.group} id={CONTROL}>
          Control
        </div>
        <Places places={CONTROL_PLACES} labelledBy={CONTROL} />
      </div>
      <hr className={classes.line} />
      <Places places={ORGANIZATION_PLACES} />
    </div>
  )
}

function OrganizationSwitch({ session }: { readonly session: Session }) {
  const { organization, mode } = useEnvironment()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes.organization}
          aria-label={`Organization ${organization.name}: switch`}
        >
          <span className={classes.mark} aria-hidden>
            {organization.name.slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.name}>{organization.name}</span>
          <Icon name="down" size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Organizations</Menu.Label>
        {session.organizations.map(({ id, name }) => (
          <Menu.Item
            key={id}
            rightSection={id === organization.id ? <Icon name="check" size={14} /> : null}
            onClick={() => void navigate({ to: pathsOf({ organizationId: id, mode }).overview })}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => void navigate({ to: publicPaths.newOrganization })}
        >
          New organization
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Places({
  places,
  labelledBy,
}: {
  readonly places: readonly Place[]
  readonly labelledBy?: string
}) {
  const { paths } = useEnvironment()
  const { pathname } = useLocation()
  return (
    <ul className={classes.places} aria-labelledby={labelledBy}>
      {places.map(({ label, icon, to }) => {
        const target = to(paths)
        const isHere = target === paths.overview ? pathname === target : isBelow(pathname, target)
        return (
          <li key={label}>
            <Link
              to={target}
              className={classes.place}
              data-here={isHere || undefined}
              aria-current={isHere ? 'page' : undefined}
            >
              <Icon name={icon} />
              {label}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

function isBelow(pathname: string, target: string): boolean {
  return pathname === target || pathname.startsWith(`${target}/`)
}
