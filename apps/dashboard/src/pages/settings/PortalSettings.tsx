import { MultiSelect, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { CHANGES_FORM, Form } from '../../ui/form.tsx'

type Settings = { readonly accentColor: string | null; readonly plans: readonly string[] }

/** What the pages are like that customers see of themselves. */
export function PortalSettings() {
  const { api, key } = useEnvironment()
  return (
    <Loaded
      height={280}
      query={{
        queryKey: [...key, 'settings', 'portal'],
        queryFn: () => answered(api.GET('/api/v1/settings/portal')),
      }}
    >
      {(settings) => <PortalForm settings={settings} />}
    </Loaded>
  )
}

function PortalForm({ settings }: { readonly settings: Settings }) {
  const form = useForm({
    initialValues: { accentColor: settings.accentColor ?? '', plans: [...settings.plans] },
    validate: {
      accentColor: (text) =>
        text === '' || /^#[0-9a-f]{6}$/i.test(text) ? null : 'A colour like #3b5bdb, or nothing',
    },
  })
  const save = useAction(
    ({ accentColor, plans }: typeof form.values, { environment, headers }) =>
      answered(
        environment.api.PATCH('/api/v1/settings/portal', {
          headers,
          body: { accentColor: accentColor === '' ? null : accentColor, plans },
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
      shownFields={['accentColor', 'plans']}
      refusal={useRefusal('billing:write')}
      onSubmit={() => {
        if (!form.validate().hasErrors) save.mutate(form.values)
      }}
    >
      <Text c="dimmed">
        Customers see usage, bills and credits by a link that you make on their page. Name, logo and
        e-mail are those of the invoices.
      </Text>
      <TextInput
        label="Colour"
        description="Of the top and of buttons"
        placeholder="#3b5bdb"
        {...form.getInputProps('accentColor')}
        error={errors.accentColor ?? form.errors.accentColor}
      />
      <MultiSelect
        label="Plans that customers may change to by themselves"
        description="Only those who are on one of them, at its prices, may change to another. None: nobody may."
        data={usePlans()}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'No plans', ...CHANGES_FORM }}
        {...form.getInputProps('plans')}
        error={errors.plans}
      />
    </Form>
  )
}

const PLANS_ASKED = 200

/** Those on sale. */
function usePlans(): { value: string; label: string }[] {
  const { api, key } = useEnvironment()
  const { data } = useQuery({
    queryKey: [...key, 'plans', 'to choose'],
    queryFn: () =>
      answered(api.GET('/api/v1/plans', { params: { query: { limit: PLANS_ASKED } } })),
  })
  const onSale = data?.data.filter(({ archivedAt }) => archivedAt === null) ?? []
  return onSale.map(({ key: value, name: label }) => ({ value, label }))
}
