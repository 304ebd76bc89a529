import { Alert, Group, Select, SimpleGrid, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { Form } from '../../ui/form.tsx'
import { Calculator } from './Calculator.tsx'
import { PricesFields } from './PricesFields.tsx'
import {
  asVersion,
  CYCLES,
  type KeptTerms,
  keptWords,
  type PlanValues,
  planKeyFromName,
} from './plan-values.ts'

const DAYS_MAX = 366

/** A plan, or a new version of one, with what it would cost beside it. */
export function PlanForm({
  initial,
  action,
  isNew,
  isDraft = false,
  save,
}: {
  readonly initial: PlanValues
  readonly action: string
  /** A version of a plan that there is has its name and its key already. */
  readonly isNew: boolean
  /** Only to be tried: nothing is lost when it is left, and whoever may read may try. */
  readonly isDraft?: boolean
  readonly save: {
    readonly mutate: (values: PlanValues) => void
    readonly isPending: boolean
    readonly error: unknown
  }
}) {
  const refusal = useRefusal('catalog:write')
  const form = useForm<PlanValues>({ initialValues: initial })
  const errors = fieldErrors(save.error)
  const version = asVersion(form.values)
  const nameProps = form.getInputProps('name')
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing={48}>
      <Form
        wide
        isGuarded={!isDraft}
        action={action}
        isRunning={save.isPending}
        error={save.error}
        shownFields={['name', 'key', 'currency', 'basePrice', 'minimum', 'trialDays', 'netDays']}
        refusal={isDraft ? null : refusal}
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
        <Group grow align="flex-start">
          <TextInput
            label="Costs at least"
            description="A period"
            inputMode="decimal"
            {...form.getInputProps('minimum')}
            error={errors.minimum}
          />
          <TextInput
            label="Trial"
            description="Days"
            type="number"
            min={0}
            max={DAYS_MAX}
            {...form.getInputProps('trialDays')}
            error={errors.trialDays}
          />
          <TextInput
            label="To be paid within"
            description="Days"
            type="number"
            min={0}
            max={DAYS_MAX}
            {...form.getInputProps('netDays')}
            error={errors.netDays}
          />
        </Group>
        <PricesFields form={form} errors={errors} />
        <Kept terms={form.values.kept} />
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

/** Nobody wonders where it is, or fears that it is lost. */
function Kept({ terms }: { readonly terms: KeptTerms }) {
  const words = keptWords(terms)
  if (words.length === 0) return null
  return (
    <Alert color="gray">
      Kept as in the version before, and changed by the API: {words.join(', ')}.
    </Alert>
  )
}
