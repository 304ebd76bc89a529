import { Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { Form } from '../../ui/form.tsx'

type Settings = {
  readonly collection: 'automatic' | 'manual'
  readonly retryAfterDays: readonly number[]
}

/** Whether customers are charged by themselves, and what follows when that fails. */
export function CollectionSettings() {
  const { api, key } = useEnvironment()
  return (
    <Loaded
      height={240}
      query={{
        queryKey: [...key, 'settings', 'collection'],
        queryFn: () => answered(api.GET('/api/v1/collection-settings')),
      }}
    >
      {(settings) => <CollectionForm settings={settings} />}
    </Loaded>
  )
}

function CollectionForm({ settings }: { readonly settings: Settings }) {
  const form = useForm({
    initialValues: {
      collection: settings.collection,
      retryAfterDays: settings.retryAfterDays.join(', '),
    },
    validate: {
      retryAfterDays: (text) =>
        daysOf(text).every(Number.isInteger)
          ? null
          : 'Whole days with commas between, like 1, 3, 7',
    },
  })
  const save = useAction(
    ({ collection, retryAfterDays }: typeof form.values, { environment, headers }) =>
      answered(
        environment.api.PATCH('/api/v1/collection-settings', {
          headers,
          body: { collection, retryAfterDays: daysOf(retryAfterDays) },
        }),
      ),
    { onDone: () => notifications.show({ message: 'Saved' }) },
  )
  const errors = fieldErrors(save.error)
  return (
    <Form
      action="Save"
      isRunning={save.isPending}
      error={save.error}
      shownFields={['collection', 'retryAfterDays']}
      refusal={useRefusal('billing:write')}
      onSubmit={() => {
        if (!form.validate().hasErrors) save.mutate(form.values)
      }}
    >
      <Select
        label="A final invoice"
        allowDeselect={false}
        data={[
          { value: 'automatic', label: 'is charged to the default payment method' },
          { value: 'manual', label: 'waits until you record a payment' },
        ]}
        {...form.getInputProps('collection')}
      />
      <TextInput
        label="A charge that failed is tried again after"
        description="Days, with commas between"
        {...form.getInputProps('retryAfterDays')}
        error={errors.retryAfterDays ?? form.errors.retryAfterDays}
      />
    </Form>
  )
}

function daysOf(text: string): number[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
}
