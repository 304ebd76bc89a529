import { SegmentedControl, Select, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { decimal, minorFromDecimal } from '@usageflow/pricing'
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
  customerId: string
  kind: 'units' | 'money'
  meter: string | null
  units: string
  amount: string
  currency: string
  validTo: string
  name: string
  isPromotional: boolean
}

const EMPTY: Values = {
  customerId: '',
  kind: 'units',
  meter: null,
  units: '',
  amount: '',
  currency: 'USD',
  validTo: '',
  name: '',
  isPromotional: false,
}

/** Gives a customer credits, in a dialog that asks which one unless that is known. */
export function GrantButton({ customerId }: { readonly customerId?: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <GuardedButton
        permission="billing:write"
        {...(customerId === undefined ? {} : { size: 'xs' })}
        onClick={() => setOpen(true)}
      >
        Grant credits
      </GuardedButton>
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Credits for ${customerId ?? 'a customer'}`}
      >
        <GrantForm customerId={customerId ?? null} onDone={() => setOpen(false)} />
      </FormDialog>
    </>
  )
}

function GrantForm({
  customerId,
  onDone,
}: {
  readonly customerId: string | null
  readonly onDone: () => void
}) {
  const form = useForm<Values>({
    initialValues: EMPTY,
    validate: {
      customerId: (typed) => (customerId === null && typed.trim() === '' ? 'Whose?' : null),
    },
  })
  const grant = useAction(
    (values: Values, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/customers/{customerId}/credits', {
          params: { path: { customerId: customerId ?? values.customerId.trim() } },
          headers,
          body: bodyOf(values),
        }),
      ),
    { onDone },
  )
  const errors = fieldErrors(grant.error)
  const { kind } = form.values
  return (
    <Form
      action="Grant"
      isRunning={grant.isPending}
      error={grant.error}
      shownFields={['units', 'meter', 'currency', 'name']}
      onSubmit={() => {
        if (!form.validate().hasErrors) grant.mutate(form.values)
      }}
    >
      {customerId === null && (
        <CustomerField description="Your own id of it" {...form.getInputProps('customerId')} />
      )}
      <SegmentedControl
        aria-label="Kind of credits"
        data={[
          { value: 'units', label: 'Units of a meter' },
          { value: 'money', label: 'Money' },
        ]}
        {...form.getInputProps('kind')}
      />
      {kind === 'units' ? <UnitsFields form={form} errors={errors} /> : <MoneyFields form={form} />}
      <TextInput
        label="Name"
        description="What the customer reads on the invoice"
        {...form.getInputProps('name')}
        error={errors.name}
      />
      <TextInput
        label="Ends"
        description="Left empty, they do not end"
        type="datetime-local"
        {...form.getInputProps('validTo')}
      />
      <Switch
        label="A present: no tax, and no revenue"
        {...form.getInputProps('isPromotional', { type: 'checkbox' })}
      />
    </Form>
  )
}

type FormOf = Pick<ReturnType<typeof useForm<Values>>, 'getInputProps'>

function UnitsFields({
  form,
  errors,
}: {
  readonly form: FormOf
  readonly errors: Readonly<Record<string, string>>
}) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  return (
    <>
      <Select
        label="Meter"
        data={meters.map(({ key, name }) => ({ value: key, label: name }))}
        {...form.getInputProps('meter')}
        error={errors.meter}
      />
      <TextInput
        label="Units"
        inputMode="decimal"
        {...form.getInputProps('units')}
        error={errors.units}
      />
    </>
  )
}

function MoneyFields({ form }: { readonly form: FormOf }) {
  return (
    <>
      <TextInput label="Amount" inputMode="decimal" {...form.getInputProps('amount')} />
      <TextInput label="Currency" maxLength={3} {...form.getInputProps('currency')} />
    </>
  )
}

function bodyOf({ kind, meter, units, amount, currency, validTo, name, isPromotional }: Values) {
  const what =
    kind === 'units'
      ? { units, ...(meter === null ? {} : { meter }) }
      : { amountMinor: minorText(amount, currency.toUpperCase()), currency: currency.toUpperCase() }
  return {
    ...what,
    name,
    isPromotional,
    ...(validTo === '' ? {} : { validTo: new Date(validTo).toISOString() }),
  }
}

/** What cannot be read goes as it is: the server says what is wrong with it. */
function minorText(amount: string, currency: string): string {
  try {
    return String(minorFromDecimal(decimal(amount.trim()), currency))
  } catch {
    return amount
  }
}
