import { Autocomplete, Group, Select, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { Plan } from '../../api/records.ts'
import { CustomerField } from '../../components/CustomerField.tsx'
import { addOnsQuery, couponsQuery, plansQuery } from '../../components/catalog.ts'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { CHANGES_FORM, Form } from '../../ui/form.tsx'
import { readerZone } from '../../ui/format.ts'
import { More } from '../../ui/More.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { Rows } from '../../ui/Rows.tsx'
import { latestVersion } from '../plans/price-words.ts'
import { versionOf } from './change-values.ts'
import { EMPTY_SUBSCRIPTION, type NewValues, subscribeBody } from './new-subscription-values.ts'
import { OverrideFields } from './OverrideFields.tsx'
import { NO_OVERRIDES } from './override-values.ts'

/** Puts a customer on a plan. */
export function NewSubscriptionPage() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const { customerId = '' } = useSearch({ strict: false }) as { customerId?: string }
  const { data: plans = [] } = useQuery(plansQuery(environment))
  const form = useForm<NewValues>({
    initialValues: { ...EMPTY_SUBSCRIPTION, customerId },
    validate: { plan: (plan) => (plan === null ? 'Which plan?' : null) },
  })
  const make = useAction(
    (values: NewValues, { headers }) =>
      answered(
        environment.api.POST('/api/v1/subscriptions', { headers, body: subscribeBody(values) }),
      ),
    { onDone: ({ id }) => void navigate({ to: environment.paths.subscription(id) }) },
  )
  const props = { form, plans, errors: fieldErrors(make.error) }
  return (
    <>
      <PageHeader
        title="New subscription"
        sentence="From now on, on the latest version of the plan, unless you say otherwise."
      />
      <Form
        action="Put on the plan"
        isRunning={make.isPending}
        error={make.error}
        shownFields={['customerId', 'plan', 'quantity', 'trialDays']}
        refusal={useRefusal('billing:write')}
        onSubmit={() => {
          if (!form.validate().hasErrors) make.mutate(form.values)
        }}
      >
        <MainFields {...props} />
        <More>
          <TimeFields {...props} />
          <GiftFields {...props} />
          <OverrideFields
            overrides={form.values.overrides}
            version={chosenVersion(form.values, plans)}
            onChange={(overrides) => form.setFieldValue('overrides', overrides)}
            errors={props.errors}
          />
        </More>
      </Form>
    </>
  )
}

type FieldsProps = {
  readonly form: UseFormReturnType<NewValues>
  readonly plans: readonly Plan[]
  readonly errors: Readonly<Record<string, string>>
}

function chosenVersion({ plan, planVersion }: NewValues, plans: readonly Plan[]) {
  const chosen = plans.find(({ key }) => key === plan)
  if (!chosen) return undefined
  return planVersion === null ? latestVersion(chosen) : versionOf(plans, { plan, planVersion })
}

function MainFields({ form, plans, errors }: FieldsProps) {
  return (
    <>
      <CustomerField
        description="Your own id of it; left empty, your organization's own account, which pays for everybody who is on no plan"
        {...form.getInputProps('customerId')}
        error={errors.customerId}
      />
      <Select
        label="Plan"
        data={plans.map(({ key, name }) => ({ value: key, label: name }))}
        value={form.values.plan}
        onChange={
          (plan) => form.setValues({ plan, planVersion: null, overrides: NO_OVERRIDES }) // they are of a plan
        }
        error={errors.plan ?? form.errors.plan}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Quantity"
          description="How often the base price is due, like seats"
          inputMode="decimal"
          {...form.getInputProps('quantity')}
          error={errors.quantity}
        />
        <TextInput
          label="Trial"
          description="Days; left empty, those of the plan"
          type="number"
          min={0}
          placeholder={String(chosenVersion(form.values, plans)?.trialDays ?? '')}
          {...form.getInputProps('trialDays')}
          error={errors.trialDays}
        />
      </Group>
    </>
  )
}

function TimeFields({ form, plans, errors }: FieldsProps) {
  const { plan, planVersion } = form.values
  const versions = plans.find(({ key }) => key === plan)?.versions ?? []
  return (
    <>
      <Select
        label="Version"
        placeholder="The newest"
        clearable
        clearButtonProps={{ 'aria-label': 'The newest version', ...CHANGES_FORM }}
        data={versions.map(({ version }) => String(version))}
        value={planVersion === null ? null : String(planVersion)}
        onChange={(version) =>
          form.setFieldValue('planVersion', version === null ? null : Number(version))
        }
        error={errors.planVersion}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Starts"
          description="In UTC; left empty, now"
          type="datetime-local"
          {...form.getInputProps('startedAt')}
          error={errors.startedAt}
        />
        <TextInput
          label="Ends"
          description="In UTC; left empty, never"
          type="datetime-local"
          {...form.getInputProps('cancelAt')}
          error={errors.cancelAt}
        />
      </Group>
      <Select
        label="Periods begin"
        allowDeselect={false}
        data={[
          { value: 'day', label: 'On the day on which it starts' },
          { value: 'instant', label: 'At the very instant at which it starts' },
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
    </>
  )
}

/** What it has beside its plan. */
function GiftFields({ form, errors }: FieldsProps) {
  const environment = useEnvironment()
  const { data: coupons = [] } = useQuery(couponsQuery(environment))
  const { data: addOns = [] } = useQuery(addOnsQuery(environment))
  const options = (catalog: typeof coupons | typeof addOns) =>
    catalog
      .filter(({ archivedAt }) => archivedAt === null)
      .map(({ key, name }) => ({ value: key, label: name }))
  return (
    <>
      <Select
        label="Coupon"
        description="Counts from the first invoice on"
        placeholder={coupons.length === 0 ? 'There is none yet' : 'None'}
        clearable
        clearButtonProps={{ 'aria-label': 'No coupon', ...CHANGES_FORM }}
        data={options(coupons)}
        {...form.getInputProps('coupon')}
        error={errors.coupon}
      />
      <Rows
        rows={form.values.addOns}
        onChange={(rows) => form.setFieldValue('addOns', rows)}
        add="Give it an add-on"
        fresh={{ addOn: null, quantity: '1' }}
        remove={(number) => `Remove add-on ${number}`}
      >
        {({ addOn, quantity }, at, change) => (
          <Group grow gap={6} wrap="nowrap" align="flex-end">
            <Select
              label={at === 0 ? 'Add-on' : undefined}
              aria-label={`Add-on ${at + 1}`}
              data={options(addOns)}
              value={addOn}
              onChange={(key) => change({ addOn: key })}
            />
            <DecimalField
              label={at === 0 ? 'Quantity of it' : undefined}
              aria-label={`Quantity of add-on ${at + 1}`}
              value={quantity}
              onChange={(text) => change({ quantity: text })}
              error={errors[`addOns.${at}.quantity`]}
            />
          </Group>
        )}
      </Rows>
    </>
  )
}
