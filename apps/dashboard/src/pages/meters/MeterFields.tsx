import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Icon } from '../../ui/icon.tsx'
import { AGGREGATIONS, keyFromName, type MeterValues, OPERATORS } from './meter-values.ts'

type FormOf = UseFormReturnType<MeterValues>

const MEANINGS: Readonly<Record<MeterValues['aggregation'], string>> = {
  SUM: 'Sum: adds up the amounts',
  COUNT: 'Count: how many events',
  MAX: 'Max: the highest value',
  MIN: 'Min: the lowest value',
  AVG: 'Average of the values',
  LAST: 'Last: the most recent value',
  UNIQUE: 'Unique: how many different values',
}

export function MeterFields({
  form,
  errors,
}: {
  readonly form: FormOf
  readonly errors: Readonly<Record<string, string>>
}) {
  const { aggregation } = form.values
  const nameProps = form.getInputProps('name')
  return (
    <>
      <TextInput
        label="Name"
        placeholder="API Calls"
        {...nameProps}
        error={errors.name}
        onBlur={() => {
          if (form.values.key === '') form.setFieldValue('key', keyFromName(form.values.name))
        }}
      />
      <TextInput
        label="Key"
        description="Programs and plans name the meter by it"
        placeholder="API_CALL"
        {...form.getInputProps('key')}
        error={errors.key ?? form.errors.key}
      />
      <TextInput
        label="Event"
        description="The name of the events it reads; left empty, its key"
        placeholder={form.values.key || 'API_CALL'}
        {...form.getInputProps('eventName')}
        error={errors.eventName}
      />
      <TextInput
        label="Unit"
        placeholder="calls"
        {...form.getInputProps('unit')}
        error={errors.unit}
      />
      <Select
        label="What it counts"
        allowDeselect={false}
        data={AGGREGATIONS.map((value) => ({ value, label: MEANINGS[value] }))}
        {...form.getInputProps('aggregation')}
      />
      {aggregation !== 'COUNT' && (
        <TextInput
          label="Property"
          description={
            aggregation === 'UNIQUE'
              ? 'Of which different values are counted'
              : 'Where the value stands; left empty, the amount of the event'
          }
          placeholder="usage.total_tokens"
          {...form.getInputProps('property')}
        />
      )}
      <Conditions form={form} />
      <TextInput
        label="Broken down by"
        description="Properties, with commas between: prices and charts can go by them"
        placeholder="model, region"
        {...form.getInputProps('groupBy')}
        error={errors.groupBy}
      />
    </>
  )
}

/** Only events for which all of these hold are counted. */
function Conditions({ form }: { readonly form: FormOf }) {
  const { conditions } = form.values
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        Only events where
      </Text>
      {conditions.map((condition, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other name than their place
        <Group key={index} gap={6} wrap="nowrap" align="flex-start">
          <TextInput
            aria-label="Property"
            placeholder="model"
            {...form.getInputProps(`conditions.${index}.property`)}
          />
          <Select
            aria-label="Operator"
            w={110}
            allowDeselect={false}
            data={[...OPERATORS]}
            {...form.getInputProps(`conditions.${index}.operator`)}
          />
          {condition.operator !== 'exists' && (
            <TextInput
              aria-label="Value"
              placeholder="gpt-4"
              {...form.getInputProps(`conditions.${index}.value`)}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label="Remove the condition"
            onClick={() => form.removeListItem('conditions', index)}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() =>
            form.insertListItem('conditions', { property: '', operator: 'eq', value: '' })
          }
        >
          {conditions.length === 0 ? 'Add a condition' : 'And…'}
        </Button>
      </Group>
    </Stack>
  )
}
