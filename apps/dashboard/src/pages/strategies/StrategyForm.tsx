import { Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { UseMutationResult } from '@tanstack/react-query'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { Strategy } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { MakeButton } from '../../components/MakeButton.tsx'
import { changedFields } from '../../ui/changed-fields.ts'
import { Form } from '../../ui/form.tsx'
import { Rows } from '../../ui/Rows.tsx'
import {
  controlKeyFromName,
  EMPTY_STRATEGY,
  FRESH_SOURCE,
  SOURCES,
  type SourceValues,
  type StrategyValues,
  strategyBody,
  strategyProblems,
} from './strategy-values.ts'

const permission = 'control:write'
const FROM = Object.entries(SOURCES).map(([value, { label }]) => ({ value, label }))

export function NewStrategy() {
  return (
    <MakeButton label="New strategy" permission={permission} variant="filled">
      {(close) => <MakeForm onDone={close} />}
    </MakeButton>
  )
}

export function EditStrategy({ strategy }: { readonly strategy: Strategy }) {
  const environment = useEnvironment()
  return (
    <MakeButton
      label="Edit"
      permission={permission}
      size="compact-xs"
      refusal={strategy.archivedAt === null ? null : 'It is archived.'}
    >
      {(close) => (
        <Loaded query={strategyQuery(environment, strategy.id)} height={260} isFresh>
          {(fresh) => <ChangeForm strategy={fresh} onDone={close} />}
        </Loaded>
      )}
    </MakeButton>
  )
}

function strategyQuery({ api, key }: Environment, strategy: string) {
  return {
    queryKey: [...key, 'strategies', strategy],
    queryFn: () =>
      answered(
        api.GET('/api/v1/control/strategies/{strategy}', { params: { path: { strategy } } }),
      ),
  }
}

function MakeForm({ onDone }: { readonly onDone: () => void }) {
  const make = useAction(
    (values: StrategyValues, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/control/strategies', {
          headers,
          body: { key: values.key.trim(), ...strategyBody(values) },
        }),
      ),
    { onDone },
  )
  return <StrategyForm initial={EMPTY_STRATEGY} action="Make the strategy" save={make} isNew />
}

function ChangeForm({
  strategy: { id, name, key, sources },
  onDone,
}: {
  readonly strategy: Strategy
  readonly onDone: () => void
}) {
  const initial = { name, key, sources }
  const change = useAction(
    (values: StrategyValues, { environment: { api }, headers }) =>
      answered(
        api.PATCH('/api/v1/control/strategies/{strategy}', {
          params: { path: { strategy: id } },
          headers,
          body: changedFields(strategyBody(initial), strategyBody(values)),
        }),
      ),
    { onDone },
  )
  return <StrategyForm initial={initial} action="Save" save={change} isNew={false} />
}

function StrategyForm({
  initial,
  action,
  save,
  isNew,
}: {
  readonly initial: StrategyValues
  readonly action: string
  readonly save: UseMutationResult<unknown, Error, StrategyValues>
  readonly isNew: boolean
}) {
  const form = useForm<StrategyValues>({ initialValues: initial, validate: strategyProblems })
  const errors: Readonly<Record<string, React.ReactNode>> = {
    ...form.errors,
    ...fieldErrors(save.error),
  }
  return (
    <Form
      action={action}
      isRunning={save.isPending}
      error={save.error}
      shownFields={['name', 'key', ...form.values.sources.map((_, at) => `sources.${at}.name`)]}
      onSubmit={() => {
        if (!form.validate().hasErrors) save.mutate(form.values)
      }}
    >
      <Group grow align="flex-start">
        <TextInput
          label="Name"
          placeholder="By user"
          {...form.getInputProps('name')}
          error={errors.name}
          data-autofocus
          onBlur={() => {
            if (form.values.key === '')
              form.setFieldValue('key', controlKeyFromName(form.values.name))
          }}
        />
        {isNew && (
          <TextInput
            label="Key"
            placeholder="by-user"
            {...form.getInputProps('key')}
            error={errors.key}
          />
        )}
      </Group>
      <Stack gap={6}>
        <Text size="sm" fw={500}>
          Where the name of the customer stands
        </Text>
        <Text size="xs" c="dimmed">
          Asked in this order: the first that has something decides. Who is found by none is told
          apart by network.
        </Text>
        <Rows
          rows={form.values.sources}
          onChange={(sources) => form.setFieldValue('sources', sources)}
          add="Add a place"
          fresh={FRESH_SOURCE}
          remove={(number) => `Remove place ${number}`}
          areTall
        >
          {(source, at, change) => (
            <SourceFields
              source={source}
              number={at + 1}
              change={change}
              error={errors[`sources.${at}.name`]}
            />
          )}
        </Rows>
        {errors.sources && (
          <Text size="xs" c="var(--uf-bad-text)" role="alert">
            {errors.sources}
          </Text>
        )}
      </Stack>
    </Form>
  )
}

function SourceFields({
  source: { from, name },
  number,
  change,
  error,
}: {
  readonly source: SourceValues
  readonly number: number
  readonly change: (changes: Partial<SourceValues>) => void
  readonly error: React.ReactNode
}) {
  const { example, hint } = SOURCES[from]
  return (
    <Stack gap={2}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Select
          w={190}
          aria-label={`Place ${number}`}
          allowDeselect={false}
          data={FROM}
          value={from}
          onChange={(value) => change({ from: value as SourceValues['from'] })} // one of FROM
        />
        <TextInput
          flex={1}
          aria-label={`Name at place ${number}`}
          placeholder={example}
          value={name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          error={error}
        />
      </Group>
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </Stack>
  )
}
