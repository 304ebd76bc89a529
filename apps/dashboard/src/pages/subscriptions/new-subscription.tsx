import { Autocomplete, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { plansQuery } from '../../components/catalog.ts'
import { Form } from '../../ui/form.tsx'
import { readerZone } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page.tsx'

type Values = {
  customerId: string
  plan: string | null
  quantity: string
  timeZone: string
  anchor: 'day' | 'calendar'
}

/** Puts a customer on a plan. */
export function NewSubscriptionPage() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const { customerId = '' } = useSearch({ strict: false }) as { customerId?: string }
  const { data: plans = [] } = useQuery(plansQuery(environment))
  const form = useForm<Values>({
    initialValues: { customerId, plan: null, quantity: '1', timeZone: 'UTC', anchor: 'day' },
    validate: { plan: (plan) => (plan === null ? 'Which plan?' : null) },
  })
  const subscribe = useAction(
    (values: Values, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/subscriptions', {
          headers,
          body: {
            plan: values.plan ?? '',
            quantity: values.quantity.trim() || '1',
            timeZone: values.timeZone,
            anchor: values.anchor,
            ...(values.customerId.trim() === '' ? {} : { customerId: values.customerId.trim() }),
          },
        }),
      ),
    { onDone: ({ id }) => void navigate({ to: environment.paths.subscription(id) }) },
  )
  const errors = fieldErrors(subscribe.error)
  return (
    <>
      <PageHeader
        title="New subscription"
        sentence="From now on, on the latest version of the plan."
      />
      <Form
        action="Put on the plan"
        isRunning={subscribe.isPending}
        error={subscribe.error}
        shownFields={['customerId', 'plan', 'quantity', 'timeZone']}
        refusal={useRefusal('billing:write')}
        onSubmit={() => {
          if (!form.validate().hasErrors) subscribe.mutate(form.values)
        }}
      >
        <TextInput
          label="Customer"
          description="Your own id of it; left empty, your organization's own account, which pays for everybody who is on no plan"
          placeholder="user_123"
          {...form.getInputProps('customerId')}
          error={errors.customerId}
        />
        <Select
          label="Plan"
          data={plans.map(({ key, name }) => ({ value: key, label: name }))}
          {...form.getInputProps('plan')}
          error={errors.plan ?? form.errors.plan}
        />
        <TextInput
          label="Quantity"
          description="How often the base price is due, like seats"
          inputMode="decimal"
          {...form.getInputProps('quantity')}
          error={errors.quantity}
        />
        <Select
          label="Periods begin"
          allowDeselect={false}
          data={[
            { value: 'day', label: 'On the day on which it starts' },
            { value: 'calendar', label: 'With the calendar, like on the 1st of a month' },
          ]}
          {...form.getInputProps('anchor')}
        />
        <Autocomplete
          label="Time zone"
          description="Whose midnight ends a period"
          data={[...new Set(['UTC', readerZone()])]}
          {...form.getInputProps('timeZone')}
          error={errors.timeZone}
        />
      </Form>
    </>
  )
}
