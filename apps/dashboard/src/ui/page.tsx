import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './page.module.css'

/** The head of every page: what it is, one sentence, and what can be done at the right. */
export function PageHeader({
  title,
  sentence,
  badge,
  actions,
}: {
  readonly title: ReactNode
  readonly sentence?: ReactNode
  readonly badge?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <Group justify="space-between" align="flex-start" wrap="wrap" gap="sm" mb="lg">
      <Stack gap={4} miw={0}>
        <Group gap="xs">
          <Title order={1} size={22} lh="30px" className={classes.title}>
            {title}
          </Title>
          {badge}
        </Group>
        {sentence && (
          <Text c="dimmed" component="div">
            {sentence}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}

/** A part of a page below a heading of its own. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className={classes.section}>
      <Group justify="space-between" mb="xs" mih={30}>
        <Title order={2} size={15}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  )
}

/** What matters about a record, each with its name above it. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className={classes.facts}>
      {Object.entries(facts).map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What needs somebody, a line each. */
export function Points({ children }: { readonly children: ReactNode }) {
  return <ul className={classes.points}>{children}</ul>
}

/** One number that is looked at first, with what it is about. */
export function Tile({
  label,
  value,
  hint,
}: {
  readonly label: string
  readonly value: ReactNode
  readonly hint?: ReactNode
}) {
  return (
    <div className={classes.tile}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value}>{value}</div>
      {hint && <div className={classes.hint}>{hint}</div>}
    </div>
  )
}

export function Tiles({
  children,
  areSmall = false,
}: {
  readonly children: ReactNode
  /** Of whole numbers, two beside each other on a narrow screen. */
  readonly areSmall?: boolean
}) {
  return (
    <div className={classes.tiles} data-small={areSmall || undefined}>
      {children}
    </div>
  )
}

/** A link to a page of somebody else, in a tab of its own. */
export function OutLink({
  href,
  children,
}: {
  readonly href: string
  readonly children: ReactNode
}) {
  return (
    <Anchor
      href={href}
      target="_blank"
      rel="noreferrer"
      underline="always"
      className={classes.link}
      onClick={(event) => event.stopPropagation()} // a row of a table leads elsewhere
    >
      {children}
    </Anchor>
  )
}

/** A link within the dashboard. */
export function PageLink({
  to,
  children,
  mono = false,
  isInText = false,
}: {
  readonly to: string
  readonly children: ReactNode
  readonly mono?: boolean
  /** Among words, which it would not be told from by its colour alone. */
  readonly isInText?: boolean
}) {
  return (
    <Anchor
      component={Link}
      to={to}
      underline={isInText ? 'always' : 'hover'}
      className={mono ? `${classes.link} ${classes.mono}` : classes.link}
    >
      {children}
    </Anchor>
  )
}
