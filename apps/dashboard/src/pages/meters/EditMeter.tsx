import { Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import type { Meter } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Form } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

export const LATE = {
  bill: 'is billed with the next invoice',
  credit: 'is billed, or given back as credit',
  absorb: 'is not billed',
} as const

type Values = Pick<Meter, 'name' | 'unit' | 'lateUsage'>

/** What of a meter may change: how it counts may not, since invoices rest on it. */
export function EditMeter({ meter }: { readonly meter: Meter }) {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <GuardedButton
        permission="catalog:write"
        variant="default"
        refusal={meter.archivedAt === null ? null : 'It is archived.'}
        onClick={() => setOpen(true)}
      >
        Edit
      </GuardedButton>
      <FormDialog isOpen={isOpen} onClose={close} title={`Edit ${meter.name}`}>
        <MeterForm meter={meter} onDone={close} />
      </FormDialog>
    </>
  )
}

function MeterForm({ meter, onDone }: { readonly meter: Meter; readonly onDone: () => void }) {
  const { key, name, unit, lateUsage } = meter
  const form = useForm<Values>({
    initialValues: { name, unit, lateUsage },
    validate: { name: (text) => (text.trim() === '' ? 'A meter needs a name.' : null) },
  })
  const save = useAction(
    (values: Values, { environment: { api }, headers }) =>
      answered(
        api.PATCH('/api/v1/meters/{meter}', {
          params: { path: { meter: key } },
          headers,
          body: { ...values, name: values.name.trim(), unit: values.unit.trim() },
        }),
      ),
    { onDone },
  )
  const errors = fieldErrors(save.error)
  return (
    <Form
      action="Save"
      isRunning={save.isPending}
      error={save.error}
      shownFields={['name', 'unit']}
      onSubmit={() => {
        if (!form.validate().hasErrors) save.mutate(form.values)
      }}
    >
      <TextInput
        label="Name"
        {...form.getInputProps('name')}
        error={errors.name ?? form.errors.name}
        data-autofocus
      />
      <TextInput
        label="Unit"
        description="What one is called"
        {...form.getInputProps('unit')}
        error={errors.unit}
      />
      <Select
        label="Late usage"
        description="What comes after its period was invoiced"
        allowDeselect={false}
        data={Object.entries(LATE).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('lateUsage')}
      />
    </Form>
  )
}
