import { Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import { MakeButton } from '../../components/MakeButton.tsx'
import { TaxRateChoice } from '../../components/TaxRateChoice.tsx'
import { Form } from '../../ui/form.tsx'
import { planKeyFromName } from '../plans/plan-values.ts'

type Values = {
  name: string
  key: string
  amount: string
  currency: string
  recurring: 'period' | 'once'
  taxRate: string | null
}

const EMPTY: Values = {
  ...{ name: '', key: '', amount: '', currency: 'USD', recurring: 'period', taxRate: null },
}

export function NewAddOn() {
  return (
    <MakeButton label="New add-on" permission="catalog:write">
      {(close) => <AddOnForm onDone={close} />}
    </MakeButton>
  )
}

function AddOnForm({ onDone }: { readonly onDone: () => void }) {
  const form = useForm<Values>({ initialValues: EMPTY })
  const make = useAction(
    ({ name, key, amount, currency, ...rest }: Values, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/add-ons', {
          headers,
          body: {
            ...{ key: key.trim(), name: name.trim() || key.trim(), amount: amount.trim() },
            ...{ currency: currency.trim().toUpperCase(), ...rest },
          },
        }),
      ),
    { onDone },
  )
  const errors = fieldErrors(make.error)
  const text = (name: keyof Values) => ({ ...form.getInputProps(name), error: errors[name] })
  return (
    <Form
      action="Make it"
      isRunning={make.isPending}
      error={make.error}
      shownFields={Object.keys(EMPTY)}
      onSubmit={() => make.mutate(form.values)}
    >
      <Group grow align="flex-start">
        <TextInput
          label="Name"
          placeholder="Extra seat"
          {...text('name')}
          onBlur={() => {
            if (form.values.key === '') form.setFieldValue('key', planKeyFromName(form.values.name))
          }}
        />
        <TextInput label="Key" placeholder="extra_seat" {...text('key')} />
      </Group>
      <Group grow align="flex-start">
        <TextInput label="Price of one" inputMode="decimal" {...text('amount')} />
        <TextInput label="Currency" maxLength={3} {...text('currency')} />
        <Select
          label="Due"
          allowDeselect={false}
          data={[
            { value: 'period', label: 'every period' },
            { value: 'once', label: 'once' },
          ]}
          {...form.getInputProps('recurring')}
        />
      </Group>
      <TaxRateChoice
        label="Rate of tax"
        none="Not taxed"
        value={form.values.taxRate}
        onChange={(taxRate) => form.setFieldValue('taxRate', taxRate)}
        error={errors.taxRate}
      />
    </Form>
  )
}
