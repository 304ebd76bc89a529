import { Alert, SimpleGrid } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { metersQuery } from '../../components/catalog.ts'
import { Form } from '../../ui/form.tsx'
import { Calculator } from './Calculator.tsx'
import { CreditsFields, FlatPricesFields } from './ChargesFields.tsx'
import { PricesFields } from './PricesFields.tsx'
import { asVersion, type PlanValues } from './plan-values.ts'
import { emptyPrice } from './price-values.ts'
import { NameFields, TERMS_SHOWN, TermsFields } from './TermsFields.tsx'

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
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const refusal = useRefusal('catalog:write')
  const form = useForm<PlanValues>({ initialValues: initial })
  const errors = fieldErrors(save.error)
  const version = asVersion(form.values)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing={48}>
      <Form
        wide
        isGuarded={!isDraft}
        action={action}
        isRunning={save.isPending}
        error={save.error}
        shownFields={TERMS_SHOWN}
        refusal={isDraft ? null : refusal}
        onSubmit={() => save.mutate(form.values)}
      >
        {isNew && <NameFields form={form} errors={errors} />}
        <TermsFields form={form} errors={errors} />
        <PricesFields
          title="Prices of usage"
          offers={meters.map((meter) => ({ name: meter.name, price: emptyPrice(meter) }))}
          prices={form.values.prices}
          onChange={(prices) => form.setFieldValue('prices', prices)}
          errors={errors}
        />
        <FlatPricesFields
          flats={form.values.flatPrices}
          onChange={(flats) => form.setFieldValue('flatPrices', flats)}
          errors={errors}
        />
        <CreditsFields
          credits={form.values.credits}
          onChange={(credits) => form.setFieldValue('credits', credits)}
          errors={errors}
        />
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
