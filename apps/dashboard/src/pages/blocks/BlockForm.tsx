import { SegmentedControl, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import type { Block } from '../../api/records.ts'
import { CustomerField } from '../../components/CustomerField.tsx'
import { MakeButton } from '../../components/MakeButton.tsx'
import { Form } from '../../ui/form.tsx'
import { instantOf } from '../subscriptions/change-values.ts'

type Values = {
  kind: Block['kind']
  id: string
  reason: string
  /** In UTC; empty: until somebody lifts it. */
  until: string
}

/** Opens the form that blocks somebody; `customerId` when it is known whom. */
export function BlockButton({ customerId }: { readonly customerId?: string }) {
  return (
    <MakeButton
      label={customerId === undefined ? 'New block' : 'Block'}
      permission="control:write"
      variant={customerId === undefined ? 'filled' : 'default'}
    >
      {(close) => <BlockForm customerId={customerId} onDone={close} />}
    </MakeButton>
  )
}

function BlockForm({
  customerId,
  onDone,
}: {
  readonly customerId: string | undefined
  readonly onDone: () => void
}) {
  const form = useForm<Values>({
    initialValues: { kind: 'customer', id: customerId ?? '', reason: '', until: '' },
    validate: { id: (text) => (text.trim() === '' ? 'Say whom to block.' : null) },
  })
  const block = useAction(
    (values: Values, { environment: { api }, headers }) =>
      answered(api.POST('/api/v1/control/blocks', { headers, body: bodyOf(values) })),
    { onDone },
  )
  const errors = fieldErrors(block.error)
  return (
    <Form
      action="Block"
      isRunning={block.isPending}
      error={block.error}
      shownFields={['id', 'reason', 'until']}
      onSubmit={() => {
        if (!form.validate().hasErrors) block.mutate(form.values)
      }}
    >
      {customerId === undefined && (
        <SegmentedControl
          aria-label="Whom"
          data={[
            { value: 'customer', label: 'A customer' },
            { value: 'network', label: 'A network' },
          ]}
          value={form.values.kind}
          onChange={(kind) => {
            block.reset() // what was wrong with an address is not with a customer
            form.setValues({ kind: kind as Values['kind'], id: '' }) // one of the two above
          }}
        />
      )}
      {customerId === undefined && <WhomField form={form} error={errors.id} />}
      <TextInput
        label="Reason"
        description="For your team: it is told to nobody outside"
        {...form.getInputProps('reason')}
        error={errors.reason}
        data-autofocus={customerId !== undefined || undefined}
      />
      <TextInput
        label="Until"
        description="In UTC; left empty, until somebody lifts it"
        type="datetime-local"
        {...form.getInputProps('until')}
        error={errors.until}
      />
    </Form>
  )
}

function WhomField({
  form,
  error,
}: {
  readonly form: UseFormReturnType<Values>
  readonly error: string | undefined
}) {
  const field = { ...form.getInputProps('id'), error: error ?? form.errors.id }
  if (form.values.kind === 'customer')
    return <CustomerField label="Customer" description="As your services call it" {...field} />
  return (
    <TextInput
      label="Address"
      description="An address of IPv6 stands for its /64, which one household has"
      placeholder="192.0.2.1"
      {...field}
    />
  )
}

function bodyOf({ kind, id, reason, until }: Values) {
  return {
    ...{ kind, id: kind === 'network' ? id.trim() : id, reason: reason.trim() },
    until: until === '' ? null : (instantOf(until) ?? until),
  }
}
