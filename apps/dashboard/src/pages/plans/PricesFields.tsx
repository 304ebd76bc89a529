import { ActionIcon, Button, Group, Menu, Select, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { Icon } from '../../ui/icon.tsx'
import classes from './PricesFields.module.css'
import { EMPTY_TIER, emptyPrice, FORM_MODELS, type PlanValues } from './plan-values.ts'
import { MODEL_NAMES } from './price-words.ts'

export type PlanFormOf = UseFormReturnType<PlanValues>
type Errors = Readonly<Record<string, string>>

/** The prices of usage, one for each meter. */
export function PricesFields({
  form,
  errors,
}: {
  readonly form: PlanFormOf
  readonly errors: Errors
}) {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const { prices, kept } = form.values
  const priced = new Set([...prices, ...kept.prices].map(({ meter }) => meter))
  const left = meters.filter(({ key }) => !priced.has(key))
  return (
    <Stack gap="sm">
      <Text fw={500}>Prices of usage</Text>
      {form.values.prices.map((price, index) => (
        <fieldset key={price.meter} className={classes.price}>
          <legend>{price.meter}</legend>
          <PriceFields form={form} index={index} errors={errors} />
        </fieldset>
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
            {meters.length === 0 ? 'There is no meter to price yet' : 'Price a meter'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {left.map(({ key, name }) => (
            <Menu.Item key={key} onClick={() => form.insertListItem('prices', emptyPrice(key))}>
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  )
}

function PriceFields({
  form,
  index,
  errors,
}: {
  readonly form: PlanFormOf
  readonly index: number
  readonly errors: Errors
}) {
  const price = form.values.prices[index]
  if (!price) return null
  const field = (name: string, label: string) => (
    <TextInput
      label={label}
      inputMode="decimal"
      {...form.getInputProps(`prices.${index}.${name}`)}
      error={errors[`prices.${index}.${name}`]}
    />
  )
  return (
    <Stack gap="sm">
      <div className={classes.head}>
        <Select
          label="Model"
          allowDeselect={false}
          data={FORM_MODELS.map((value) => ({ value, label: MODEL_NAMES[value] }))}
          {...form.getInputProps(`prices.${index}.model`)}
        />
        {field('includedUnits', 'Included units')}
        <ActionIcon
          className={classes.remove}
          variant="subtle"
          color="gray"
          size={34}
          aria-label={`Remove the price of ${price.meter}`}
          onClick={() => form.removeListItem('prices', index)}
        >
          <Icon name="close" size={14} />
        </ActionIcon>
      </div>
      {price.model === 'per_unit' && field('unitPrice', 'Price of a unit')}
      {price.model === 'package' && (
        <Group grow>
          {field('packageSize', 'Units in a package')}
          {field('packagePrice', 'Price of a package')}
        </Group>
      )}
      {price.model === 'percentage' && (
        <Group grow>
          {field('percent', 'Percent of the amount')}
          {field('fixedPerEvent', 'And for each event')}
        </Group>
      )}
      {(price.model === 'graduated' || price.model === 'volume') && (
        <Tiers form={form} index={index} errors={errors} />
      )}
      <Group grow>
        {field('minimum', 'At least')}
        {field('maximum', 'At most')}
      </Group>
    </Stack>
  )
}

function Tiers({
  form,
  index,
  errors,
}: {
  readonly form: PlanFormOf
  readonly index: number
  readonly errors: Errors
}) {
  const tiers = form.values.prices[index]?.tiers ?? []
  const place = `prices.${index}.tiers`
  return (
    <Stack gap={6}>
      {tiers.map((_, at) => {
        const isLast = at === tiers.length - 1
        const field = (name: string, label: string) => (
          <TextInput
            aria-label={`Tier ${at + 1}: ${label}`}
            label={at === 0 ? label : undefined}
            inputMode="decimal"
            {...form.getInputProps(`${place}.${at}.${name}`)}
            error={errors[`${place}.${at}.${name}`]}
          />
        )
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: tiers have no other name than their place
          <Group key={at} gap={6} wrap="nowrap" align="flex-end">
            {isLast ? (
              <TextInput value="and beyond" readOnly aria-label="Last tier" />
            ) : (
              field('upTo', 'Up to')
            )}
            {field('unitPrice', 'A unit')}
            {field('flatFee', 'At once')}
            <ActionIcon
              className={classes.remove}
              variant="subtle"
              color="gray"
              size={34}
              disabled={tiers.length < 2 || isLast}
              aria-label={`Remove tier ${at + 1}`}
              onClick={() => form.removeListItem(place, at)}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </Group>
        )
      })}
      <Button
        size="compact-xs"
        variant="default"
        className={classes.add}
        leftSection={<Icon name="plus" size={12} />}
        onClick={() => form.insertListItem(place, EMPTY_TIER, tiers.length - 1)}
      >
        Add a tier
      </Button>
    </Stack>
  )
}
