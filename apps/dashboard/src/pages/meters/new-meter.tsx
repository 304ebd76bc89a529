import { SimpleGrid } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { MeterFields } from './MeterFields.tsx'
import { MeterPreview } from './MeterPreview.tsx'
import { bodyOf, EMPTY, type MeterValues, problemsOf } from './meter-values.ts'

/** A meter is tried on what is stored before it is made. */
export function NewMeterPage() {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const form = useForm<MeterValues>({ initialValues: EMPTY, validate: problemsOf })
  const make = useAction(
    (values: MeterValues, { environment, headers }) =>
      answered(environment.api.POST('/api/v1/meters', { headers, body: bodyOf(values) })),
    { onDone: ({ key }) => void navigate({ to: paths.meter(key) }) },
  )
  return (
    <>
      <PageHeader
        title="New meter"
        sentence="How it counts cannot be changed later, since invoices rest on it. Its name can."
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing={48}>
        <Form
          action="Make the meter"
          isRunning={make.isPending}
          error={make.error}
          shownFields={['key', 'name', 'unit', 'eventName']}
          refusal={useRefusal('catalog:write')}
          onSubmit={() => {
            if (!form.validate().hasErrors) make.mutate(form.values)
          }}
        >
          <MeterFields form={form} errors={fieldErrors(make.error)} />
        </Form>
        <MeterPreview values={form.values} />
      </SimpleGrid>
    </>
  )
}
