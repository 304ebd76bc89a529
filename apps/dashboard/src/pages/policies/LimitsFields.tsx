import { Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { Rows } from '../../ui/Rows.tsx'
import {
  BEYOND_CREDITS,
  COUNTING_HINTS,
  COUNTINGS,
  type Counting,
  freshLimit,
  isQuota,
  type LimitValues,
  SHARES,
} from './policy-values.ts'

const COUNTING_CHOICES = Object.entries(COUNTINGS).map(([value, label]) => ({ value, label }))
const BEYOND_CHOICES = Object.entries(BEYOND_CREDITS).map(([value, label]) => ({ value, label }))
const SHARE_CHOICES = Object.entries(SHARES).map(([value, label]) => ({ value, label }))

type Errors = Readonly<Record<string, ReactNode>>

/** How many requests in what time; all of them have to allow. */
export function LimitsFields({
  limits,
  onChange,
  errors,
}: {
  readonly limits: readonly LimitValues[]
  readonly onChange: (limits: LimitValues[]) => void
  readonly errors: Errors
}) {
  return (
    <Rows
      rows={limits}
      onChange={onChange}
      add="Add a limit"
      fresh={freshLimit(limits)}
      remove={(number) => `Remove limit ${number}`}
      areTall
    >
      {(limit, at, change) => (
        <LimitFields
          limit={limit}
          number={at + 1}
          change={change}
          errorOf={(field) => errors[`limits.${at}${field}`]}
        />
      )}
    </Rows>
  )
}

type ErrorOf = (
  field: '' | '.name' | '.limit' | '.window' | '.meter' | '.unitsPerRequest',
) => ReactNode

type FieldsProps = {
  readonly limit: LimitValues
  readonly change: (changes: Partial<LimitValues>) => void
  readonly errorOf: ErrorOf
}

function LimitFields({
  limit,
  number,
  change,
  errorOf,
}: FieldsProps & { readonly number: number }) {
  const whole = errorOf('')
  const Figures = limit.counting === 'balance' ? BalanceFields : WindowFields
  return (
    <Stack gap={6} role="group" aria-label={`Limit ${number}`} pb="xs">
      <Figures limit={limit} change={change} errorOf={errorOf} />
      <Group gap={6} grow align="flex-start">
        <Select
          label="Counted by"
          description={COUNTING_HINTS[limit.counting]}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          allowDeselect={false}
          data={COUNTING_CHOICES}
          value={limit.counting}
          onChange={(counting) => change({ counting: counting as Counting })} // one of COUNTINGS
        />
        <TextInput
          label="Name"
          value={limit.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          error={errorOf('.name')}
        />
      </Group>
      {whole && (
        <Text size="xs" c="var(--uf-bad-text)" role="alert">
          {whole}
        </Text>
      )}
    </Stack>
  )
}

function WindowFields({ limit, change, errorOf }: FieldsProps) {
  return (
    <Group gap={6} grow align="flex-start">
      <NumberInput
        label="Requests"
        min={1}
        allowDecimal={false}
        thousandSeparator
        value={limit.limit}
        onChange={(value) => change({ limit: typeof value === 'number' ? value : '' })}
        error={errorOf('.limit')}
      />
      {!isQuota(limit.counting) && (
        <TextInput
          label="In"
          placeholder="1h"
          value={limit.window}
          onChange={({ currentTarget }) => change({ window: currentTarget.value })}
          error={errorOf('.window')}
        />
      )}
      <Select
        label="For"
        allowDeselect={false}
        data={SHARE_CHOICES}
        value={limit.per}
        onChange={(per) => change({ per: per as LimitValues['per'] })} // one of SHARES
      />
    </Group>
  )
}

/** What each customer may still use: its credits, and what a plan bills. */
function BalanceFields({ limit, change, errorOf }: FieldsProps) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const choices = meters.map(({ key, name }) => ({ value: key, label: name }))
  return (
    <Group gap={6} grow align="flex-start">
      <Select
        label="Meter"
        data={withChosen(choices, limit.meter)}
        value={limit.meter}
        onChange={(meter) => change({ meter })}
        error={errorOf('.meter')}
      />
      <NumberInput
        label="Units a request"
        min={1}
        allowDecimal={false}
        thousandSeparator
        value={limit.unitsPerRequest}
        onChange={(value) => change({ unitsPerRequest: typeof value === 'number' ? value : '' })}
        error={errorOf('.unitsPerRequest')}
      />
      <Select
        label="Beyond credits"
        allowDeselect={false}
        data={BEYOND_CHOICES}
        value={limit.planPays ? 'plan' : 'nobody'}
        onChange={(payer) => change({ planPays: payer === 'plan' })}
      />
    </Group>
  )
}

/** One that is archived meanwhile is still shown. */
function withChosen(choices: { value: string; label: string }[], chosen: string | null) {
  const isThere = chosen === null || choices.some(({ value }) => value === chosen)
  return isThere ? choices : [...choices, { value: chosen, label: chosen }]
}
