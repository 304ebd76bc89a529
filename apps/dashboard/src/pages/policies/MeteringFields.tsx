import { Autocomplete, MultiSelect, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { Rows } from '../../ui/Rows.tsx'
import classes from './MeteringFields.module.css'
import { CLASSES, FRESH_RULE, type RuleValues } from './policy-values.ts'

/** What of the requests is usage, and how much of it each is. */
export function MeteringFields({
  rules,
  onChange,
  errors,
}: {
  readonly rules: readonly RuleValues[]
  readonly onChange: (rules: RuleValues[]) => void
  readonly errors: Readonly<Record<string, ReactNode>>
}) {
  return (
    <Rows
      rows={rules}
      onChange={onChange}
      add="Meter something"
      fresh={FRESH_RULE}
      remove={(number) => `Remove rule ${number}`}
      areTall
    >
      {(rule, at, change) => (
        <RuleFields
          rule={rule}
          number={at + 1}
          change={change}
          errorOf={(field) => errors[`metering.${at}.${field}`]}
        />
      )}
    </Rows>
  )
}

function RuleFields({
  rule: { event, quantity, when },
  number,
  change,
  errorOf,
}: {
  readonly rule: RuleValues
  readonly number: number
  readonly change: (changes: Partial<RuleValues>) => void
  readonly errorOf: (field: keyof RuleValues) => ReactNode
}) {
  const { data: meters } = useQuery(metersQuery(useEnvironment()))
  const names = [...new Set(meters?.map(({ eventName }) => eventName) ?? [])]
  const readers = meters?.filter(({ eventName }) => eventName === event.trim()) ?? []
  return (
    <Stack gap={6} role="group" aria-label={`Rule ${number}`} pb="xs">
      <Autocomplete
        label="Event"
        description="As meters read it"
        placeholder="API_CALL"
        data={names}
        value={event}
        onChange={(value) => change({ event: value })}
        error={errorOf('event')}
      />
      {meters && event.trim() !== '' && (
        <Text size="xs" c="dimmed">
          {readers.length === 0
            ? 'No meter reads it yet: it is stored, and billed once one does.'
            : `Read by ${readers.map(({ name }) => name).join(', ')}.`}
        </Text>
      )}
      <Textarea
        label="How much a request is"
        description="Like usage_record.quantity * 5, or response.body.usage.total_tokens"
        autosize
        minRows={1}
        classNames={{ input: classes.expression ?? '' }}
        spellCheck={false}
        value={quantity}
        onChange={({ currentTarget }) => change({ quantity: currentTarget.value })}
        error={errorOf('quantity')}
      />
      <MultiSelect
        label="Of answers with"
        data={[...CLASSES]}
        value={[...when]}
        onChange={(chosen) => change({ when: CLASSES.filter((one) => chosen.includes(one)) })}
        error={errorOf('when')}
      />
    </Stack>
  )
}
