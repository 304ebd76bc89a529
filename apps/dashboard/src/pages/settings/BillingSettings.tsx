import { Autocomplete, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { BillingSettings as Settings } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { changedFields } from '../../ui/changed-fields.ts'
import { Form } from '../../ui/form.tsx'
import { readerZone } from '../../ui/format.ts'
import { LogoSettings } from './LogoSettings.tsx'

const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  pt: 'Português',
  nl: 'Nederlands',
} as const

/** What stands on every invoice. */
export function BillingSettings() {
  const { api, key } = useEnvironment()
  return (
    <Loaded
      height={480}
      query={{
        queryKey: [...key, 'settings', 'billing'],
        queryFn: () => answered(api.GET('/api/v1/settings/billing')),
      }}
    >
      {(settings) => (
        <Stack gap="xl">
          <LogoSettings hasLogo={settings.hasLogo} />
          <BillingForm settings={settings} />
        </Stack>
      )}
    </Loaded>
  )
}

function valuesOf(settings: Settings) {
  return {
    sellerName: settings.sellerName,
    sellerAddress: settings.sellerAddress.join('\n'),
    taxNumbers: settings.taxNumbers.join('\n'),
    email: settings.email ?? '',
    language: settings.language,
    timeZone: settings.timeZone,
    numberPattern: settings.numberPattern,
    creditNotePattern: settings.creditNotePattern,
    note: settings.note ?? '',
  }
}

type Values = ReturnType<typeof valuesOf>

function bodyOf(values: Values) {
  return {
    ...values,
    sellerAddress: linesOf(values.sellerAddress),
    taxNumbers: linesOf(values.taxNumbers),
    email: values.email.trim() || null,
    note: values.note.trim() || null,
  }
}

function BillingForm({ settings }: { readonly settings: Settings }) {
  const form = useForm<Values>({ initialValues: valuesOf(settings) })
  const save = useAction(
    (values: Values, { environment, headers }) =>
      answered(
        environment.api.PATCH('/api/v1/settings/billing', {
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
  const next = useNextNumbers(form.values)
  const text = (name: keyof Values) => ({ ...form.getInputProps(name), error: errors[name] })
  return (
    <Form
      action="Save"
      isRunning={save.isPending}
      error={save.error}
      shownFields={Object.keys(form.values)}
      refusal={useRefusal('billing:write')}
      onSubmit={() => save.mutate(form.values)}
    >
      <TextInput label="Your company" {...text('sellerName')} />
      <Textarea label="Its address" autosize minRows={3} {...text('sellerAddress')} />
      <Textarea label="Tax numbers" description="One line each" autosize {...text('taxNumbers')} />
      <TextInput label="E-mail" type="email" {...text('email')} />
      <Select
        label="Language"
        allowDeselect={false}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('language')}
      />
      <Autocomplete
        label="Time zone"
        description="In which days on documents are meant"
        data={[...new Set(['UTC', readerZone()])]}
        {...text('timeZone')}
      />
      <TextInput
        label="Invoice numbers"
        description={next?.invoice.number ? `The next one: ${next.invoice.number}` : PLACES}
        {...text('numberPattern')}
        error={errors.numberPattern ?? asSentence(next?.invoice.problem)}
      />
      <TextInput
        label="Credit note numbers"
        description={next?.creditNote.number ? `The next one: ${next.creditNote.number}` : PLACES}
        {...text('creditNotePattern')}
        error={errors.creditNotePattern ?? asSentence(next?.creditNote.problem)}
      />
      <Textarea
        label="Note"
        description="At the foot of every invoice"
        autosize
        {...text('note')}
      />
    </Form>
  )
}

const PLACES = 'With {number} or {number:5}, and if you like {year} and {month}'
const TYPING_MS = 200

/** What the next documents would be called by the patterns that are typed. The server alone knows how. */
function useNextNumbers({ numberPattern, creditNotePattern }: Values) {
  const { api, key } = useEnvironment()
  const [query] = useDebouncedValue({ numberPattern, creditNotePattern }, TYPING_MS)
  const { data } = useQuery({
    queryKey: [...key, 'settings', 'next-numbers', query],
    queryFn: () =>
      answered(
        api.GET('/api/v1/settings/billing/next-numbers', { params: { query: nonEmpty(query) } }),
      ),
    placeholderData: keepPreviousData,
  })
  return data
}

/** An empty pattern is refused when it is sent, with words of its own. */
function nonEmpty<T extends object>(query: T): Partial<T> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')) as Partial<T>
}

function asSentence(problem: string | null | undefined): string | null {
  return problem ? `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` : null
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
