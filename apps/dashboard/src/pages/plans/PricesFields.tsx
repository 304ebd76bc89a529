import { ActionIcon, Button, Group, Menu, MultiSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import type { Meter } from '../../api/records.ts'
import { metersQuery } from '../../components/catalog.ts'
import { TaxRateChoice } from '../../components/TaxRateChoice.tsx'
import { CHANGES_FORM } from '../../ui/form.tsx'
import { Icon } from '../../ui/icon.tsx'
import classes from './PricesFields.module.css'
import { type CaseValues, EMPTY_RULE, type PriceValues, withProperties } from './price-values.ts'
import { RuleFields } from './RuleFields.tsx'

type Errors = Readonly<Record<string, string>>

/** A price that something can get, as it begins. */
export type PriceOffer = { readonly name: string; readonly price: PriceValues }

/** The prices of usage, one for each meter. */
export function PricesFields({
  title,
  prices,
  offers,
  onChange,
  errors,
  place = 'prices',
  areTaxed = true,
}: {
  readonly title: string
  readonly prices: readonly PriceValues[]
  readonly offers: readonly PriceOffer[]
  readonly onChange: (prices: PriceValues[]) => void
  readonly errors: Errors
  readonly place?: string
  /** Whether each may have a rate of tax of its own. */
  readonly areTaxed?: boolean
}) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const left = offers.filter(({ price }) => !prices.some(({ meter }) => meter === price.meter))
  return (
    <Stack gap="sm">
      <Text fw={500}>{title}</Text>
      {prices.map((price, index) => (
        <PriceFields
          key={price.meter}
          price={price}
          meter={meters.find(({ key }) => key === price.meter)}
          onChange={(changed) => onChange(prices.with(index, changed))}
          onRemove={() => onChange(prices.toSpliced(index, 1))}
          errors={errors}
          place={`${place}.${index}`}
          isTaxed={areTaxed}
        />
      ))}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            className={classes.add}
            disabled={left.length === 0}
            leftSection={<Icon name="plus" size={12} />}
          >
            {offers.length === 0 ? 'There is no meter to price yet' : 'Price a meter'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {left.map(({ name, price }) => (
            <Menu.Item
              key={price.meter}
              {...CHANGES_FORM}
              onClick={() => onChange([...prices, price])}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  )
}

function PriceFields({
  price,
  meter,
  onChange,
  onRemove,
  errors,
  place,
  isTaxed,
}: {
  readonly price: PriceValues
  readonly meter: Meter | undefined
  readonly onChange: (price: PriceValues) => void
  readonly onRemove: () => void
  readonly errors: Errors
  readonly place: string
  readonly isTaxed: boolean
}) {
  const { properties, cases } = price
  const isByProperty = properties.length > 0
  const offered = [...new Set([...(meter?.groupBy ?? []), ...properties])]
  return (
    <fieldset className={classes.price}>
      <legend>{price.meter}</legend>
      <Stack gap="sm">
        {isByProperty && <Text className={classes.rest}>All other values</Text>}
        <RuleFields
          rule={price.rule}
          onChange={(rule) => onChange({ ...price, rule })}
          errors={errors}
          place={isByProperty ? `${place}.otherwise` : place}
          aside={<RemoveButton label={`Remove the price of ${price.meter}`} onClick={onRemove} />}
        />
        {isTaxed && (
          <TaxRateChoice
            label="Its rate of tax"
            none="That of the plan"
            value={price.taxRate}
            onChange={(taxRate) => onChange({ ...price, taxRate })}
            error={errors[`${place}.taxRate`]}
          />
        )}
        <MultiSelect
          label="Prices by a property"
          {...(isByProperty ? {} : { placeholder: 'One price for all usage' })}
          description={offered.length === 0 ? 'The meter groups by no property.' : null}
          disabled={offered.length === 0}
          value={properties}
          onChange={(chosen) => onChange(withProperties(price, chosen))}
          data={offered}
          error={errors[`${place}.properties`]}
        />
        {isByProperty && (
          <Cases
            properties={properties}
            cases={cases}
            onChange={(changed) => onChange({ ...price, cases: changed })}
            errors={errors}
            place={`${place}.cases`}
          />
        )}
      </Stack>
    </fieldset>
  )
}

/** A rule for each value of the properties that has one. */
function Cases({
  properties,
  cases,
  onChange,
  errors,
  place,
}: {
  readonly properties: readonly string[]
  readonly cases: readonly CaseValues[]
  readonly onChange: (cases: CaseValues[]) => void
  readonly errors: Errors
  readonly place: string
}) {
  const fresh: CaseValues = { values: properties.map(() => ''), rule: EMPTY_RULE }
  return (
    <>
      {cases.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cases have no other name than their place
        <fieldset key={at} className={classes.price}>
          <legend>Case {at + 1}</legend>
          <Stack gap="sm">
            <Group grow>
              {properties.map((property, index) => (
                <TextInput
                  key={property}
                  label={`If ${property} is`}
                  placeholder="large"
                  required
                  withAsterisk={false}
                  value={each.values[index] ?? ''}
                  onChange={({ currentTarget: { value } }) =>
                    onChange(cases.with(at, { ...each, values: each.values.with(index, value) }))
                  }
                  error={errors[`${place}.${at}.values.${index}`]}
                />
              ))}
            </Group>
            <RuleFields
              rule={each.rule}
              onChange={(rule) => onChange(cases.with(at, { ...each, rule }))}
              errors={errors}
              place={`${place}.${at}.price`}
              aside={
                <RemoveButton
                  label={`Remove case ${at + 1}`}
                  onClick={() => onChange(cases.toSpliced(at, 1))}
                />
              }
            />
          </Stack>
        </fieldset>
      ))}
      <Text size="xs" c="dimmed">
        Values as events have them: large, 4 or true; “4” in quotes is a text. The word none: events
        that lack the property.
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        className={classes.add}
        leftSection={<Icon name="plus" size={12} />}
        {...CHANGES_FORM}
        onClick={() => onChange([...cases, fresh])}
      >
        Add a case
      </Button>
    </>
  )
}

function RemoveButton({
  label,
  onClick,
}: {
  readonly label: string
  readonly onClick: () => void
}) {
  return (
    <ActionIcon
      className={classes.remove}
      variant="subtle"
      color="gray"
      size={34}
      aria-label={label}
      {...CHANGES_FORM}
      onClick={onClick}
    >
      <Icon name="close" size={14} />
    </ActionIcon>
  )
}
