import { Checkbox, Select, TextInput } from '@mantine/core'
import { type GetInputPropsReturnType, useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { metersQuery } from '../../components/catalog.ts'
import { MakeButton } from '../../components/MakeButton.tsx'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { Form } from '../../ui/form.tsx'
import { connectionQuery } from './stripe-queries.ts'
import { TRIGGER_TYPES, triggerType } from './trigger-types.ts'
import {
  addsUp,
  COLLECTION_METHODS,
  EMPTY,
  PRORATIONS,
  type TriggerValues,
  triggerBody,
} from './trigger-values.ts'

export function NewTrigger() {
  const { data } = useQuery(connectionQuery(useEnvironment()))
  const refusal =
    data?.connection === null ? 'No account of Stripe is connected: see the settings.' : null
  return (
    <MakeButton label="New trigger" permission="billing:write" variant="filled" refusal={refusal}>
      {() => <TriggerForm />}
    </MakeButton>
  )
}

function TriggerForm() {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const form = useForm<TriggerValues>({ initialValues: EMPTY })
  const make = useAction(
    (values: TriggerValues, { environment: { api }, headers }) =>
      answered(api.POST('/api/v1/stripe/triggers', { headers, body: triggerBody(values) })),
    { onDone: ({ id }) => void navigate({ to: paths.stripeTrigger(id) }) },
  )
  const errors = fieldErrors(make.error)
  const field = (name: keyof TriggerValues) => ({
    ...form.getInputProps(name),
    error: errors[name],
  })
  const types = Object.keys(TRIGGER_TYPES)
  const { tells, sentence } = triggerType(form.values.type)
  const checkbox = (name: keyof TriggerValues) => form.getInputProps(name, { type: 'checkbox' })
  return (
    <Form
      action="Make the trigger"
      isRunning={make.isPending}
      error={make.error}
      shownFields={Object.keys(EMPTY)}
      onSubmit={() => make.mutate(form.values)}
    >
      <Select
        label="Type"
        description={sentence}
        allowDeselect={false}
        data={types.map((value) => ({ value, label: triggerType(value).label }))}
        {...field('type')}
      />
      {tells === 'invoices' ? (
        <InvoiceFields
          field={field}
          checkbox={checkbox}
          createsInvoices={form.values.createInvoices}
        />
      ) : (
        <MeterFields field={field} checkbox={checkbox} hasSums={tells === 'usage'} />
      )}
    </Form>
  )
}

type Fields = {
  readonly field: (name: keyof TriggerValues) => GetInputPropsReturnType
  readonly checkbox: (name: keyof TriggerValues) => GetInputPropsReturnType
}

function MeterFields({ field, checkbox, hasSums }: Fields & { readonly hasSums: boolean }) {
  return (
    <>
      <MeterField hasSums={hasSums} {...field('meter')} />
      <TextInput
        label="Price of Stripe"
        description={
          hasSums
            ? 'A usage-based price: the meter that it has is told'
            : 'A recurring price by quantity, of which each subscription has one item'
        }
        placeholder="price_…"
        required={!hasSums}
        {...field('priceId')}
      />
      {hasSums && (
        <TextInput
          label="Event name"
          description="Of a meter of Stripe, where it is not that of the price, or without a price"
          placeholder="api_calls"
          {...field('eventName')}
        />
      )}
      <DecimalField
        label="Multiplier"
        description={
          hasSums
            ? 'What one unit here is at Stripe, which takes whole numbers only. With 1000, the price there is for thousandths'
            : 'What one unit here is at Stripe, which takes whole numbers only: what is left over is one more'
        }
        {...field('multiplier')}
      />
      {hasSums ? (
        <>
          <TextInput
            label="From"
            description="A full hour of the last 34 days, in UTC; left empty, from this hour on"
            type="datetime-local"
            step={3600}
            {...field('usageFrom')}
          />
          <Checkbox
            label="Make customers at Stripe"
            description="Who is linked to none of Stripe is made there. Else their usage waits until they are linked"
            {...checkbox('createCustomers')}
          />
        </>
      ) : (
        <Select
          label="When the quantity changes"
          description="Within a period that is paid in advance"
          allowDeselect={false}
          data={PRORATIONS}
          {...field('prorationBehavior')}
        />
      )}
    </>
  )
}

function InvoiceFields({
  field,
  checkbox,
  createsInvoices,
}: Fields & { readonly createsInvoices: boolean }) {
  return (
    <>
      <Checkbox
        label="Make an invoice at Stripe for each of ours"
        description="Else its lines wait there for the next invoice of the customer, as that of a subscription"
        {...checkbox('createInvoices')}
      />
      {createsInvoices && (
        <Select
          label="How Stripe collects it"
          allowDeselect={false}
          data={COLLECTION_METHODS}
          {...field('collectionMethod')}
        />
      )}
      <Checkbox
        label="Make customers at Stripe"
        description="Who is linked to none of Stripe is made there. Else their invoices wait until they are linked"
        {...checkbox('createCustomers')}
      />
    </>
  )
}

function MeterField({ hasSums, ...props }: { readonly hasSums: boolean }) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  return (
    <Select
      label="Meter"
      description={
        hasSums
          ? 'One that counts or adds up, and rounds nothing: of others the hours do not add up'
          : 'What it comes to in the current period of the item is its quantity'
      }
      required
      searchable
      data={meters.map((meter) => ({
        ...{ value: meter.key, label: meter.name, disabled: hasSums && !addsUp(meter) },
      }))}
      {...props}
    />
  )
}
