import { SegmentedControl, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { TaxRateChoice } from '../../components/TaxRateChoice.tsx'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { Rows } from '../../ui/Rows.tsx'
import classes from './PricesFields.module.css'
import { type CreditValues, EMPTY_CREDIT, EMPTY_FLAT, type FlatValues } from './plan-values.ts'

type Errors = Readonly<Record<string, string>>
type Change<Row> = (changes: Partial<Row>) => void

const RECURRING = [
  { value: 'period', label: 'every period' },
  { value: 'once', label: 'once' },
]

/** What is charged beside the base price, whatever is used. */
export function FlatPricesFields({
  flats,
  onChange,
  errors,
}: {
  readonly flats: readonly FlatValues[]
  readonly onChange: (flats: FlatValues[]) => void
  readonly errors: Errors
}) {
  return (
    <Stack gap="sm">
      <Text fw={500}>Fixed prices</Text>
      <Rows
        areTall
        rows={flats}
        onChange={onChange}
        add="Add a fixed price"
        fresh={EMPTY_FLAT}
        remove={(number) => `Remove fixed price ${number}`}
      >
        {(flat, at, change) => (
          <fieldset className={classes.price}>
            <legend>Fixed price {at + 1}</legend>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
              <TextInput
                label="What for"
                placeholder="Set-up"
                value={flat.name}
                onChange={({ currentTarget: { value } }) => change({ name: value })}
                error={errors[`flatPrices.${at}.name`]}
              />
              <DecimalField
                label="Amount"
                value={flat.amount}
                onChange={(amount) => change({ amount })}
                error={errors[`flatPrices.${at}.amount`]}
              />
              <Select
                label="Due"
                allowDeselect={false}
                data={RECURRING}
                value={flat.recurring}
                onChange={(value) => change({ recurring: value === 'once' ? 'once' : 'period' })}
              />
              <TaxRateChoice
                label="Its rate of tax"
                none="That of the plan"
                value={flat.taxRate}
                onChange={(taxRate) => change({ taxRate })}
                error={errors[`flatPrices.${at}.taxRate`]}
              />
            </SimpleGrid>
          </fieldset>
        )}
      </Rows>
    </Stack>
  )
}

/** What a customer gets anew in each period, before they pay for anything. */
export function CreditsFields({
  credits,
  onChange,
  errors,
}: {
  readonly credits: readonly CreditValues[]
  readonly onChange: (credits: CreditValues[]) => void
  readonly errors: Errors
}) {
  return (
    <Stack gap="sm">
      <Text fw={500}>Credits of each period</Text>
      <Rows
        areTall
        rows={credits}
        onChange={onChange}
        add="Add credits"
        fresh={EMPTY_CREDIT}
        remove={(number) => `Remove credits ${number}`}
      >
        {(credit, at, change) => (
          <fieldset className={classes.price}>
            <legend>Credits {at + 1}</legend>
            <Stack gap="sm">
              <Size credit={credit} change={change} errors={errors} place={`credits.${at}`} />
              <Switch
                label="Given away: lowers the amount before tax"
                checked={credit.isPromotional}
                onChange={({ currentTarget: { checked } }) => change({ isPromotional: checked })}
              />
              <Rollover credit={credit} change={change} errors={errors} place={`credits.${at}`} />
            </Stack>
          </fieldset>
        )}
      </Rows>
    </Stack>
  )
}

type CreditProps = {
  readonly credit: CreditValues
  readonly change: Change<CreditValues>
  readonly errors: Errors
  readonly place: string
}

function Size({ credit, change, errors, place }: CreditProps) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const { kind, meter } = credit
  const known = meters.map(({ id, name }) => ({ value: id, label: name }))
  const isKnown = meter === null || known.some(({ value }) => value === meter)
  return (
    <>
      <SegmentedControl
        aria-label="Kind of credits"
        data={[
          { value: 'units', label: 'Units of a meter' },
          { value: 'money', label: 'Money' },
        ]}
        value={kind}
        onChange={(value) => change({ kind: value === 'money' ? 'money' : 'units' })}
      />
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm" verticalSpacing="sm">
        {kind === 'units' && (
          <Select
            label="Meter"
            data={isKnown ? known : [...known, meter]}
            value={meter}
            onChange={(id) => change({ meter: id })}
            error={errors[`${place}.meter`]}
          />
        )}
        <DecimalField
          label={kind === 'units' ? 'Units' : 'Amount'}
          value={credit.size}
          onChange={(size) => change({ size })}
          error={errors[`${place}.units`] ?? errors[`${place}.amount`]}
        />
        <TextInput
          label="Priority"
          type="number"
          min={0}
          max={1000}
          placeholder={EMPTY_CREDIT.priority}
          value={credit.priority}
          onChange={({ currentTarget: { value } }) => change({ priority: value })}
          error={errors[`${place}.priority`]}
        />
      </SimpleGrid>
    </>
  )
}

function Rollover({ credit, change, errors, place }: CreditProps) {
  return (
    <>
      <Switch
        label="What is left goes over into the next period"
        checked={credit.isKept}
        onChange={({ currentTarget: { checked } }) => change({ isKept: checked })}
      />
      {credit.isKept && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
          <DecimalField
            label="At most"
            placeholder="all of it"
            value={credit.cap}
            onChange={(cap) => change({ cap })}
            error={errors[`${place}.rollover.cap`]}
          />
          <TextInput
            label="So many times"
            type="number"
            min={1}
            max={120}
            placeholder={EMPTY_CREDIT.periods}
            value={credit.periods}
            onChange={({ currentTarget: { value } }) => change({ periods: value })}
            error={errors[`${place}.rollover.periods`]}
          />
        </SimpleGrid>
      )}
    </>
  )
}
