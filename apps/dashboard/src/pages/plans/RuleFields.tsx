import { Group, Select, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { Rows } from '../../ui/Rows.tsx'
import classes from './PricesFields.module.css'
import { EMPTY_TIER, MODELS, type RuleValues, type TierValues } from './price-values.ts'
import { MODEL_NAMES } from './price-words.ts'

type Errors = Readonly<Record<string, string>>

type RuleFieldsProps = {
  readonly rule: RuleValues
  readonly onChange: (rule: RuleValues) => void
  readonly errors: Errors
  /** Its place in what is sent, by which errors name its fields. */
  readonly place: string
  /** Stands beside the model, like the button that takes it away. */
  readonly aside?: ReactNode
}

/** What usage costs, by one rule. */
export function RuleFields({ rule, onChange, errors, place, aside }: RuleFieldsProps) {
  const field = (name: Exclude<keyof RuleValues, 'model' | 'tiers'>, label: string) => (
    <DecimalField
      label={label}
      value={rule[name]}
      onChange={(text) => onChange({ ...rule, [name]: text })}
      error={errors[`${place}.${name}`]}
    />
  )
  return (
    <Stack gap="sm">
      <div className={classes.head}>
        <Select
          label="Model"
          allowDeselect={false}
          data={MODELS.map((value) => ({ value, label: MODEL_NAMES[value] }))}
          value={rule.model}
          onChange={(model) => onChange({ ...rule, model: model ?? rule.model })}
        />
        {field('includedUnits', 'Included units')}
        {aside}
      </div>
      {rule.model === 'per_unit' && field('unitPrice', 'Price of a unit')}
      {rule.model === 'package' && (
        <Group grow>
          {field('packageSize', 'Units in a package')}
          {field('packagePrice', 'Price of a package')}
        </Group>
      )}
      {rule.model === 'percentage' && (
        <Group grow>
          {field('percent', 'Percent of the amount')}
          {field('fixedPerEvent', 'And for each event')}
        </Group>
      )}
      {(rule.model === 'graduated' || rule.model === 'volume') && (
        <Tiers
          tiers={rule.tiers}
          onChange={(tiers) => onChange({ ...rule, tiers })}
          errors={errors}
          place={`${place}.tiers`}
        />
      )}
      <Group grow>
        {field('minimum', 'At least')}
        {field('maximum', 'At most')}
      </Group>
    </Stack>
  )
}

function Tiers({
  tiers,
  onChange,
  errors,
  place,
}: {
  readonly tiers: readonly TierValues[]
  readonly onChange: (tiers: TierValues[]) => void
  readonly errors: Errors
  readonly place: string
}) {
  return (
    <Rows
      rows={tiers}
      onChange={onChange}
      add="Add a tier"
      fresh={EMPTY_TIER}
      remove={(number) => `Remove tier ${number}`}
      hasOpenEnd
    >
      {(tier, at, change) => {
        const field = (name: keyof TierValues, label: string) => (
          <DecimalField
            aria-label={`Tier ${at + 1}: ${label}`}
            label={at === 0 ? label : undefined}
            value={tier[name]}
            onChange={(text) => change({ [name]: text })}
            error={errors[`${place}.${at}.${name}`]}
          />
        )
        return (
          <Group gap={6} wrap="nowrap" align="flex-end">
            {at === tiers.length - 1 ? (
              <DecimalField
                value="and beyond"
                readOnly
                aria-label="Last tier"
                onChange={() => undefined}
              />
            ) : (
              field('upTo', 'Up to')
            )}
            {field('unitPrice', 'A unit')}
            {field('flatFee', 'At once')}
          </Group>
        )
      }}
    </Rows>
  )
}
