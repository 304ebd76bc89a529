import { NumberInput, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { Customer } from '../../api/records.ts'
import { CustomerField } from '../../components/CustomerField.tsx'
import { TaxRateChoice } from '../../components/TaxRateChoice.tsx'
import { changedFields } from '../../ui/changed-fields.ts'
import { Form } from '../../ui/form.tsx'
import { ROOT } from './names.ts'

type Values = {
  name: string
  email: string
  address: string
  taxNumber: string
  language: string
  netDays: number | ''
  parentId: string
  taxRate: string | null
  taxExempt: boolean
}

/** What stands about a customer on its invoices. */
export function CustomerDetails({ customer }: { readonly customer: Customer }) {
  const form = useForm<Values>({ initialValues: valuesOf(customer) })
  const save = useAction(
    (values: Values, { environment, headers }) =>
      answered(
        environment.api.PATCH('/api/v1/customers/{customerId}', {
          params: { path: { customerId: customer.customerId } },
          headers,
          body: changedFields(bodyOf(form.getInitialValues()), bodyOf(values)),
        }),
      ),
    {
      onDone: (changed) => {
        form.setInitialValues(valuesOf(changed))
        form.resetDirty()
        notifications.show({ message: 'Saved' })
      },
    },
  )
  const errors = fieldErrors(save.error)
  return (
    <Form
      action="Save"
      isRunning={save.isPending}
      error={save.error}
      shownFields={Object.keys(form.values)}
      refusal={useRefusal('customers:write')}
      onSubmit={() => save.mutate(form.values)}
    >
      <TextInput label="Name" {...form.getInputProps('name')} error={errors.name} />
      <TextInput
        label="E-mail"
        description="Where invoices go"
        type="email"
        {...form.getInputProps('email')}
        error={errors.email}
      />
      <Textarea
        label="Address"
        description="One line each, as on an envelope"
        autosize
        minRows={3}
        {...form.getInputProps('address')}
        error={errors.address}
      />
      <TextInput label="Tax number" {...form.getInputProps('taxNumber')} error={errors.taxNumber} />
      <TextInput
        label="Language"
        description="Of its documents, like en or de; empty: that of your settings"
        {...form.getInputProps('language')}
        error={errors.language}
      />
      <NumberInput
        label="Pays within"
        suffix=" days"
        min={0}
        allowDecimal={false}
        {...form.getInputProps('netDays')}
        error={errors.netDays}
      />
      <TaxRateChoice
        label="Its rate of tax"
        description="For all that it is charged for, whatever the plan says"
        none="As the plan says"
        value={form.values.taxRate}
        onChange={(taxRate) => form.setFieldValue('taxRate', taxRate)}
        error={errors.taxRate}
      />
      <Switch
        label="Exempt from tax"
        checked={form.values.taxExempt}
        onChange={(event) => form.setFieldValue('taxExempt', event.currentTarget.checked)}
      />
      {customer.customerId !== ROOT && (
        <CustomerField
          label="Parent"
          description="The id of the customer that pays for it from now on, unless it is on a plan itself"
          {...form.getInputProps('parentId')}
          error={errors.parentId}
        />
      )}
    </Form>
  )
}

function valuesOf(customer: Customer): Values {
  return {
    name: customer.name,
    email: customer.email ?? '',
    address: customer.address.join('\n'),
    taxNumber: customer.taxNumber ?? '',
    language: customer.language ?? '',
    netDays: customer.netDays ?? '',
    parentId: customer.parentId ?? '',
    taxRate: customer.taxRate,
    taxExempt: customer.taxExempt,
  }
}

function bodyOf(values: Values) {
  return {
    name: values.name.trim(),
    email: values.email.trim() || null,
    address: values.address
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    taxNumber: values.taxNumber.trim() || null,
    language: values.language.trim() || null,
    netDays: values.netDays === '' ? null : values.netDays,
    parentId: values.parentId.trim() || null,
    taxRate: values.taxRate,
    taxExempt: values.taxExempt,
  }
}
