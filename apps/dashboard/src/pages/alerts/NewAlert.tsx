import { Select, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { CustomerField } from '../../components/CustomerField.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Form } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

type Values = {
  name: string
  kind: 'usage' | 'spend' | 'balance'
  meter: string | null
  window: 'period' | 'day' | 'month'
  currency: string
  customerId: string
  thresholds: string[]
}

const EMPTY: Values = {
  name: '',
  kind: 'usage',
  meter: null,
  window: 'period',
  currency: 'USD',
  customerId: '',
  thresholds: [],
}

const KINDS = [
  { value: 'usage', label: 'Usage of a meter' },
  { value: 'spend', label: 'What the invoice under way comes to' },
  { value: 'balance', label: 'Credits that are left of a meter' },
]

const WINDOWS = [
  { value: 'period', label: 'The billing period' },
  { value: 'month', label: 'A month of UTC' },
  { value: 'day', label: 'A day of UTC' },
]

export function NewAlert() {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <GuardedButton permission="billing:write" onClick={() => setOpen(true)}>
        New alert
      </GuardedButton>
      <FormDialog isOpen={isOpen} onClose={close} title="New alert">
        {isOpen && <AlertForm onDone={close} />}
      </FormDialog>
    </>
  )
}

function AlertForm({ onDone }: { readonly onDone: () => void }) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const form = useForm<Values>({ initialValues: EMPTY })
  const make = useAction(
    (values: Values, { environment: { api }, headers }) =>
      answered(api.POST('/api/v1/alerts', { headers, body: bodyOf(values) })),
    { onDone },
  )
  const errors = fieldErrors(make.error)
  const { kind } = form.values
  return (
    <Form
      action="Make the alert"
      isRunning={make.isPending}
      error={make.error}
      shownFields={['name', 'meter', 'currency', 'customerId', 'thresholds']}
      onSubmit={() => make.mutate(form.values)}
    >
      <TextInput label="Name" {...form.getInputProps('name')} error={errors.name} />
      <Select label="Of" allowDeselect={false} data={KINDS} {...form.getInputProps('kind')} />
      {kind === 'spend' ? (
        <TextInput
          label="Currency"
          maxLength={3}
          {...form.getInputProps('currency')}
          error={errors.currency}
        />
      ) : (
        <Select
          label="Meter"
          data={meters.map(({ key, name }) => ({ value: key, label: name }))}
          {...form.getInputProps('meter')}
          error={errors.meter}
        />
      )}
      {kind === 'usage' && (
        <Select
          label="Within"
          allowDeselect={false}
          data={WINDOWS}
          {...form.getInputProps('window')}
        />
      )}
      <TagsInput
        label="Thresholds"
        description={
          kind === 'usage'
            ? 'Units, or like 80% of what the plan includes; Enter after each'
            : 'Enter after each'
        }
        acceptValueOnBlur
        {...form.getInputProps('thresholds')}
        error={errors.thresholds}
      />
      <CustomerField
        description="Left empty, every one"
        {...form.getInputProps('customerId')}
        error={errors.customerId}
      />
    </Form>
  )
}

/** What a kind does not know is not sent. */
function bodyOf({ name, kind, meter, window, currency, customerId, thresholds }: Values) {
  return {
    ...{ name: name.trim(), kind, thresholds },
    ...(kind === 'usage' ? { window } : {}),
    ...(kind === 'spend' ? { currency: currency.trim() } : { meter }),
    customerId: customerId.trim() || null,
    plan: null,
  }
}
