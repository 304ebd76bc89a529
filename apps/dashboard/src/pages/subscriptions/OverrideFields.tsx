import { Group } from '@mantine/core'
import type { PlanVersion } from '../../api/records.ts'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { PricesFields } from '../plans/PricesFields.tsx'
import { type OverrideValues, overrideOffers } from './override-values.ts'

/** Prices that were agreed on for one subscription; what is left empty is that of the plan. */
export function OverrideFields({
  overrides,
  version,
  onChange,
  errors,
}: {
  readonly overrides: OverrideValues
  readonly version: PlanVersion | undefined
  readonly onChange: (overrides: OverrideValues) => void
  readonly errors: Readonly<Record<string, string>>
}) {
  return (
    <>
      <Group grow align="flex-start">
        <DecimalField
          label="Its own base price"
          placeholder={version?.basePrice ?? 'that of the plan'}
          value={overrides.basePrice}
          onChange={(basePrice) => onChange({ ...overrides, basePrice })}
          error={errors['overrides.basePrice']}
        />
        <DecimalField
          label="Costs at least"
          placeholder={version?.minimum ?? 'nothing'}
          value={overrides.minimum}
          onChange={(minimum) => onChange({ ...overrides, minimum })}
          error={errors['overrides.minimum']}
        />
      </Group>
      <PricesFields
        title="Its own prices of usage"
        prices={overrides.prices}
        offers={overrideOffers(version)}
        onChange={(prices) => onChange({ ...overrides, prices })}
        errors={errors}
        place="overrides.prices"
        areTaxed={false}
      />
    </>
  )
}
