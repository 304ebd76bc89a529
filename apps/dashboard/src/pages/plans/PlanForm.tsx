import { Alert, Group, Select, SimpleGrid, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { Form } from '../../ui/form.tsx'
import { Calculator } from './Calculator.tsx'
import { PricesFields } from './PricesFields.tsx'
import { asVersion, CYCLES, type PlanValues, planKeyFromName } from './plan-values.ts'

/** A plan, or a new version of one, with what it would cost beside it. */
export function PlanForm({
  initial,
  action,
  isNew,
  save,
}: {
  readonly initial: PlanValues
  readonly action: string
  /** A version of a plan that there is has its name and its key already. */
  readonly isNew: boolean
  readonly save: {
    readonly mutate: (values: PlanValues) => void
    readonly isPending: boolean
    readonly error: unknown
  }
}) {
  const form = useForm<PlanValues>({ initialValues: initial })
  const errors = fieldErrors(save.error)
  const version = asVersion(form.values)
  const nameProps = form.getInputProps('name')
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing={48}>
      <Form
        wide
        isGuarded
        action={action}
        isRunning={save.isPending}
        error={save.error}
        shownFields={['name', 'key', 'currency', 'basePrice']}
        refusal={useRefusal('catalog:write')}
        onSubmit={() => save.mutate(form.values)}
      >
        {isNew && (
          <Group grow align="flex-start">
            <TextInput
              label="Name"
              placeholder="Pro"
              {...nameProps}
              error={errors.name}
              onBlur={() => {
                if (form.values.key === '')
                  form.setFieldValue('key', planKeyFromName(form.values.name))
              }}
            />
            <TextInput
              label="Key"
              placeholder="pro"
              {...form.getInputProps('key')}
              error={errors.key}
            />
          </Group>
        )}
        <Group grow align="flex-start">
          <TextInput
            label="Base price"
            inputMode="decimal"
            {...form.getInputProps('basePrice')}
            error={errors.basePrice}
          />
          <TextInput
            label="Currency"
            maxLength={3}
            {...form.getInputProps('currency')}
            error={errors.currency}
          />
          <Select
            label="For every"
            allowDeselect={false}
            data={[...CYCLES]}
            {...form.getInputProps('cycle')}
          />
        </Group>
        <Switch
          label="The base price is due in advance"
          {...form.getInputProps('baseInAdvance', { type: 'checkbox' })}
        />
        <PricesFields form={form} errors={errors} />
      </Form>
      <div>
        {version ? (
          <Calculator version={version} />
        ) : (
          <Alert color="gray">Give a currency and a base price to see what it would cost.</Alert>
        )}
      </div>
    </SimpleGrid>
  )
}
