import { Group, Select, Switch, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { TaxRateChoice } from '../../components/TaxRateChoice.tsx'
import { CYCLES, EMPTY, type PlanValues, planKeyFromName } from './plan-values.ts'

const DAYS_MAX = 366
const DAYS = [
  { name: 'trialDays', label: 'Trial' },
  { name: 'netDays', label: 'Paid within' },
] as const
const GRACE_SECONDS_MAX = 31 * 86_400

type TermsProps = {
  readonly form: UseFormReturnType<PlanValues>
  readonly errors: Readonly<Record<string, string>>
}

/** The fields that say by themselves what is wrong with them. */
export const TERMS_SHOWN = [
  ...['name', 'key', 'currency', 'basePrice', 'minimum', 'graceSeconds', 'taxRate'],
  ...DAYS.map(({ name }) => name),
]

export function NameFields({ form, errors }: TermsProps) {
  return (
    <Group grow align="flex-start">
      <TextInput
        label="Name"
        placeholder="Pro"
        {...form.getInputProps('name')}
        error={errors.name}
        onBlur={() => {
          if (form.values.key === '') form.setFieldValue('key', planKeyFromName(form.values.name))
        }}
      />
      <TextInput label="Key" placeholder="pro" {...form.getInputProps('key')} error={errors.key} />
    </Group>
  )
}

/** What a period costs whatever is used, and how it comes to be paid. */
export function TermsFields({ form, errors }: TermsProps) {
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="Base price"
          inputMode="decimal"
          {...form.getInputProps('basePrice')}
          error={errors.basePrice}
        />
        <TextInput
          label="Currency"
          maxLength={3}
          {...form.getInputProps('currency')}
          error={errors.currency}
        />
        <Select
          label="For every"
          allowDeselect={false}
          data={[...CYCLES]}
          {...form.getInputProps('cycle')}
        />
      </Group>
      <Switch
        label="The base price is due in advance"
        {...form.getInputProps('baseInAdvance', { type: 'checkbox' })}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Costs at least"
          description="A period"
          inputMode="decimal"
          {...form.getInputProps('minimum')}
          error={errors.minimum}
        />
        {DAYS.map(({ name, label }) => (
          <TextInput
            key={name}
            label={label}
            description="Days"
            type="number"
            min={0}
            max={DAYS_MAX}
            {...form.getInputProps(name)}
            error={errors[name]}
          />
        ))}
      </Group>
      <Group grow align="flex-start">
        <TaxRateChoice
          label="Rate of tax"
          description="Where nothing has its own"
          none="Not taxed"
          value={form.values.taxRate}
          onChange={(taxRate) => form.setFieldValue('taxRate', taxRate)}
          error={errors.taxRate}
        />
        <TextInput
          label="Waits for late events"
          description="Seconds after a period"
          type="number"
          min={0}
          max={GRACE_SECONDS_MAX}
          placeholder={EMPTY.graceSeconds}
          {...form.getInputProps('graceSeconds')}
          error={errors.graceSeconds}
        />
      </Group>
    </>
  )
}
