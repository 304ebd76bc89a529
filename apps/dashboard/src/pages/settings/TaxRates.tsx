import { Group, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import type { TaxRate } from '../../api/records.ts'
import { archiveColumns, nameColumns } from '../../components/archivable.tsx'
import { List, type ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { MakeButton } from '../../components/MakeButton.tsx'
import { Form } from '../../ui/form.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { planKeyFromName } from '../plans/plan-values.ts'

const taxRatesList: ListDefinition<TaxRate> = {
  name: 'tax-rates',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/tax-rates', {
        ...{ params: { query: pageQuery(request) }, signal: request.signal },
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    ...nameColumns('Rate of tax'),
    { id: 'percent', header: 'Percent', align: 'right', value: ({ percent }) => percent },
    {
      id: 'inclusive',
      header: 'Prices',
      value: ({ inclusive }) => (inclusive ? 'contain it' : 'come without it'),
    },
    ...archiveColumns(
      'Nothing new gets it. Whatever has it is taxed by it as before.',
      (taxRate, { environment: { api }, headers }) =>
        answered(
          api.POST('/api/v1/tax-rates/{taxRate}/archive', {
            params: { path: { taxRate } },
            headers,
          }),
        ),
    ),
  ],
}

/** By which plans, prices, add-ons and customers can be taxed. */
export function TaxRates() {
  const make = <NewTaxRate />
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={620}>
          A rate never changes: what is taxed otherwise from now on gets another one. That of a
          price goes before that of its plan, and that of a customer before both.
        </Text>
        {make}
      </Group>
      <List
        list={taxRatesList}
        label="Rates of tax"
        empty={
          <EmptyState title="No rates of tax yet">
            Invoices are without tax until a plan, a price or a customer has a rate.
          </EmptyState>
        }
      />
    </Stack>
  )
}

const EMPTY = { name: '', key: '', percent: '', inclusive: false }

function NewTaxRate() {
  return (
    <MakeButton label="New rate of tax" permission="catalog:write">
      {(close) => <TaxRateForm onDone={close} />}
    </MakeButton>
  )
}

function TaxRateForm({ onDone }: { readonly onDone: () => void }) {
  const form = useForm({ initialValues: EMPTY })
  const make = useAction(
    ({ name, key, percent, inclusive }: typeof EMPTY, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/tax-rates', {
          headers,
          body: {
            ...{ key: key.trim(), name: name.trim() || key.trim() },
            ...{ percent: percent.trim(), inclusive },
          },
        }),
      ),
    { onDone },
  )
  const errors = fieldErrors(make.error)
  const text = (name: keyof typeof EMPTY) => ({ ...form.getInputProps(name), error: errors[name] })
  return (
    <Form
      action="Make it"
      isRunning={make.isPending}
      error={make.error}
      shownFields={Object.keys(EMPTY)}
      onSubmit={() => make.mutate(form.values)}
    >
      <Group grow align="flex-start">
        <TextInput
          label="Name"
          placeholder="VAT"
          {...text('name')}
          onBlur={() => {
            if (form.values.key === '') form.setFieldValue('key', planKeyFromName(form.values.name))
          }}
        />
        <TextInput label="Key" placeholder="vat" {...text('key')} />
      </Group>
      <TextInput label="Percent" inputMode="decimal" {...text('percent')} />
      <Switch
        label="Prices contain the tax"
        {...form.getInputProps('inclusive', { type: 'checkbox' })}
      />
    </Form>
  )
}
