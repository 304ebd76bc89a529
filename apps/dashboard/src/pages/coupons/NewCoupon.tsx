import { Group, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import { MakeButton } from '../../components/MakeButton.tsx'
import { Form } from '../../ui/form.tsx'
import { type CouponValues, couponBody, EMPTY_COUPON } from './coupon-values.ts'

const DURATIONS = [
  { value: 'once', label: 'On one invoice' },
  { value: 'periods', label: 'For so many periods' },
  { value: 'forever', label: 'For ever' },
]

export function NewCoupon() {
  return (
    <MakeButton label="New coupon" permission="catalog:write">
      {(close) => <CouponForm onDone={close} />}
    </MakeButton>
  )
}

function CouponForm({ onDone }: { readonly onDone: () => void }) {
  const form = useForm<CouponValues>({ initialValues: EMPTY_COUPON })
  const make = useAction(
    (values: CouponValues, { environment, headers }) =>
      answered(environment.api.POST('/api/v1/coupons', { headers, body: couponBody(values) })),
    { onDone },
  )
  const errors = fieldErrors(make.error)
  const text = (name: keyof CouponValues) => ({
    ...form.getInputProps(name),
    error: errors[name],
  })
  const { kind, duration } = form.values
  return (
    <Form
      action="Make it"
      isRunning={make.isPending}
      error={make.error}
      shownFields={Object.keys(EMPTY_COUPON)}
      onSubmit={() => make.mutate(form.values)}
    >
      <Group grow align="flex-start">
        <TextInput label="Key" placeholder="HELLO10" {...text('key')} />
        <TextInput label="Name" placeholder="As its key" {...text('name')} />
      </Group>
      <SegmentedControl
        aria-label="Takes off"
        data={[
          { value: 'percent', label: 'A part' },
          { value: 'amount', label: 'An amount' },
        ]}
        {...form.getInputProps('kind')}
      />
      {kind === 'percent' ? (
        <TextInput label="Percent" inputMode="decimal" {...text('percent')} />
      ) : (
        <Group grow align="flex-start">
          <TextInput label="Amount" inputMode="decimal" {...text('amount')} />
          <TextInput label="Currency" maxLength={3} {...text('currency')} />
        </Group>
      )}
      <Group grow align="flex-start">
        <Select
          label="Counts"
          allowDeselect={false}
          data={DURATIONS}
          {...form.getInputProps('duration')}
        />
        {duration === 'periods' && (
          <TextInput label="Periods" type="number" min={1} {...text('periods')} />
        )}
      </Group>
      <Group grow align="flex-start">
        <TextInput
          label="Given at most"
          description="Times"
          type="number"
          min={1}
          {...text('redemptionsMax')}
        />
        <TextInput
          label="Given until"
          description="In UTC"
          type="datetime-local"
          {...text('expiresAt')}
        />
      </Group>
    </Form>
  )
}
