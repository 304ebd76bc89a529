import { Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useNow } from '../clock.ts'
import {
  formatAge,
  formatInstant,
  formatMajor,
  formatMoney,
  formatQuantity,
  readerZone,
  shortId,
} from './format.ts'
import classes from './values.module.css'

/** An amount of `amountMinor` minor units, like cents. */
export function Money({
  amountMinor,
  currency,
}: {
  readonly amountMinor: string
  readonly currency: string
}) {
  return <span className={classes.number}>{formatMoney(amountMinor, currency)}</span>
}

/** A price of one unit, whose digits may go beyond those of the currency. */
export function UnitPrice({
  amount,
  currency,
}: {
  readonly amount: string
  readonly currency: string
}) {
  return <span className={classes.number}>{formatMajor(amount, currency)}</span>
}

export function Quantity({
  value,
  unit,
}: {
  readonly value: string | null
  readonly unit?: string
}) {
  if (value === null) return <Nothing />
  return (
    <span className={classes.number} title={unit ? `${value} ${unit}` : value}>
      {formatQuantity(value)}
      {unit && <span className={classes.unit}> {unit}</span>}
    </span>
  )
}

/** How long ago; the exact instant, in the reader's zone and in UTC, on hover. */
export function Time({
  at,
  exact = false,
}: {
  readonly at: string | null
  readonly exact?: boolean
}) {
  const now = useNow()
  if (at === null) return <Nothing />
  const hint = `${formatInstant(at)} (${readerZone()})\n${at.replace('T', ' ').replace(/\.\d+Z|Z/, '')} UTC`
  return (
    <Tooltip label={<span className={classes.lines}>{hint}</span>}>
      <time dateTime={at} className={classes.number}>
        {exact ? formatInstant(at) : formatAge(at, now)}
      </time>
    </Tooltip>
  )
}

/** An id, short; a click copies the whole. */
export function Id({ value, whole = false }: { readonly value: string; readonly whole?: boolean }) {
  const clipboard = useClipboard({ timeout: 1_500 })
  return (
    <Tooltip
      label={clipboard.copied ? 'Copied' : `${value}\nClick to copy`}
      className={classes.lines}
    >
      <UnstyledButton
        className={classes.id}
        aria-label={`Copy ${value}`}
        onClick={(event) => {
          event.preventDefault()
          event.stopPropagation()
          clipboard.copy(value)
        }}
      >
        {whole ? value : shortId(value)}
      </UnstyledButton>
    </Tooltip>
  )
}

/** Stands where there is no value; it is no zero. */
export function Nothing() {
  return (
    <Text component="span" c="dimmed" aria-label="none">
      –
    </Text>
  )
}

type Tone = 'good' | 'open' | 'warn' | 'bad'

const TONES: Readonly<Record<string, Tone>> = {
  active: 'good',
  enabled: 'good',
  paid: 'good',
  delivered: 'good',
  succeeded: 'good',
  verified: 'good',
  counted: 'good',
  connected: 'good',
  won: 'good',
  sent: 'good',
  equal: 'good',
  trialing: 'open',
  finalized: 'open',
  open: 'open',
  upcoming: 'open',
  sending: 'open',
  pending: 'warn',
  waiting: 'warn',
  overdue: 'warn',
  paused: 'warn',
  action_required: 'warn',
  amended: 'warn',
  failing: 'warn',
  incomplete: 'warn',
  disputed: 'bad',
  lost: 'bad',
  refused: 'bad',
  different: 'bad',
  suspended: 'bad',
  failed: 'bad',
  blocked: 'bad',
  enforce: 'good',
  shadow: 'warn',
  disabled: 'bad',
}

/** The state of a thing in one word, whose colour says no more than the word. */
export function StateBadge({ state, label }: { readonly state: string; readonly label?: string }) {
  return (
    <span className={classes.badge} data-tone={TONES[state]}>
      {(label ?? state).replaceAll('_', ' ')}
    </span>
  )
}
