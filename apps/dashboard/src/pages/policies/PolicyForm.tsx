import { Autocomplete, Group, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { type UseMutationResult, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { endpointsQuery, strategiesQuery } from '../../components/control.ts'
import { Form } from '../../ui/form.tsx'
import { More } from '../../ui/More.tsx'
import { Section } from '../../ui/page.tsx'
import { controlKeyFromName } from '../strategies/strategy-values.ts'
import { Coverage } from './Coverage.tsx'
import { LimitsFields } from './LimitsFields.tsx'
import { MeteringFields } from './MeteringFields.tsx'
import { MODES, type PolicyValues, policyProblems, shownFieldsOf } from './policy-values.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const MODE_CHOICES = Object.entries(MODES).map(([value, label]) => ({ value, label }))
const WITHOUT_ANSWER = [
  { value: 'allow', label: 'goes through' },
  { value: 'refuse', label: 'is refused (503)' },
]

type FieldsProps = {
  readonly form: UseFormReturnType<PolicyValues>
  readonly errors: Readonly<Record<string, ReactNode>>
}

/** All of a policy, and beside it which endpoints it covers. */
export function PolicyForm({
  id,
  initial,
  action,
  save,
}: {
  /** Null: it is only being made, and gets its key and its mode here. */
  readonly id: string | null
  readonly initial: PolicyValues
  readonly action: string
  readonly save: UseMutationResult<unknown, Error, PolicyValues>
}) {
  const form: UseFormReturnType<PolicyValues> = useForm<PolicyValues>({
    initialValues: initial,
    validate: policyProblems,
  })
  const { values } = form
  const errors = { ...form.errors, ...fieldErrors(save.error) }
  const { application, method, url, priority } = values
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing={48}>
      <Form
        action={action}
        isRunning={save.isPending}
        error={save.error}
        shownFields={shownFieldsOf(values)}
        refusal={useRefusal('control:write')}
        onSubmit={() => {
          if (!form.validate().hasErrors) save.mutate(form.values)
        }}
      >
        <NameFields form={form} errors={errors} isNew={id === null} />
        <RequestsFields form={form} errors={errors} />
        <StrategyField form={form} errors={errors} />
        {id === null && (
          <Select
            label="Mode"
            allowDeselect={false}
            data={MODE_CHOICES}
            {...form.getInputProps('mode')}
          />
        )}
        <Section title="Limits">
          <LimitsFields
            limits={values.limits}
            onChange={(limits) => form.setFieldValue('limits', limits)}
            errors={errors}
          />
        </Section>
        <Section title="Metering">
          <MeteringFields
            rules={values.metering}
            onChange={(metering) => form.setFieldValue('metering', metering)}
            errors={errors}
          />
        </Section>
        <More>
          <DoubtFields form={form} errors={errors} />
        </More>
      </Form>
      <Coverage
        title="Endpoints that it covers"
        holding={{
          ...{ id, url: url.trim(), method: method || '*' },
          ...{ application: application.trim() || null, priority: priority || 0 },
        }}
      />
    </SimpleGrid>
  )
}

function NameFields({ form, errors, isNew }: FieldsProps & { readonly isNew: boolean }) {
  return (
    <Group grow align="flex-start">
      <TextInput
        label="Name"
        placeholder="Free tier"
        {...form.getInputProps('name')}
        error={errors.name}
        onBlur={() => {
          if (form.values.key === '')
            form.setFieldValue('key', controlKeyFromName(form.values.name))
        }}
      />
      {isNew && (
        <TextInput
          label="Key"
          placeholder="free-tier"
          {...form.getInputProps('key')}
          error={errors.key}
        />
      )}
    </Group>
  )
}

/** Which requests it holds for. */
function RequestsFields({ form, errors }: FieldsProps) {
  const { data: endpoints = [] } = useQuery(endpointsQuery(useEnvironment()))
  const { method } = form.values
  const methods = METHODS.includes(method) || method === '*' ? METHODS : [...METHODS, method]
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label="Method"
          allowDeselect={false}
          data={[{ value: '*', label: 'Any' }, ...methods]}
          {...form.getInputProps('method')}
          error={errors.method}
        />
        <TextInput
          label="Path"
          placeholder="/api/users/:id"
          {...form.getInputProps('url')}
          error={errors.url}
        />
      </Group>
      <Group grow align="flex-start">
        <Autocomplete
          label="Application"
          description="Left empty, every one"
          data={[...new Set(endpoints.map(({ application }) => application))]}
          {...form.getInputProps('application')}
          error={errors.application}
        />
        <NumberInput
          label="Priority"
          description="The higher comes first"
          allowDecimal={false}
          {...form.getInputProps('priority')}
          error={errors.priority}
        />
      </Group>
    </>
  )
}

/** An archived one is offered to whoever has it. */
function StrategyField({ form, errors }: FieldsProps) {
  const { data: strategies = [] } = useQuery(strategiesQuery(useEnvironment()))
  const kept = form.getInitialValues().strategy
  return (
    <Select
      label="Strategy"
      description={
        form.values.strategy === null && form.values.metering.length > 0
          ? 'Without one nobody is known as a customer, and nothing is metered'
          : 'How callers are told apart'
      }
      placeholder="By network"
      clearable
      data={strategies
        .filter(({ id, archivedAt }) => archivedAt === null || id === kept)
        .map(({ id, name }) => ({ value: id, label: name }))}
      {...form.getInputProps('strategy')}
      error={errors.strategy}
    />
  )
}

/** What becomes of a request about which nothing was decided. */
function DoubtFields({ form, errors }: FieldsProps) {
  return (
    <Group grow align="flex-start">
      <Select
        label="A request without an answer"
        description="When the server cannot be asked"
        allowDeselect={false}
        data={WITHOUT_ANSWER}
        {...form.getInputProps('withoutAnswer')}
      />
      <NumberInput
        label="Waits at most"
        description="Of the first requests of somebody new"
        suffix=" ms"
        min={1}
        max={1000}
        allowDecimal={false}
        {...form.getInputProps('deadlineMs')}
        error={errors.deadlineMs}
      />
    </Group>
  )
}
