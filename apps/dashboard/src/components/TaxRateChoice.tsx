import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../api/environment.tsx'
import { CHANGES_FORM } from '../ui/form.tsx'
import { taxRatesQuery } from './catalog.ts'

/** Which rate of tax something has; one that is archived stays where it is, and nothing else gets it. */
export function TaxRateChoice({
  label,
  description,
  none,
  value,
  onChange,
  error,
}: {
  readonly label: string
  readonly description?: string
  /** What it means to have none. */
  readonly none: string
  /** The id of a rate. */
  readonly value: string | null
  readonly onChange: (id: string | null) => void
  readonly error?: string | undefined
}) {
  const { data: rates = [] } = useQuery(taxRatesQuery(useEnvironment()))
  const offered = rates.filter(({ id, archivedAt }) => archivedAt === null || id === value)
  const isKnown = value === null || offered.some(({ id }) => id === value)
  return (
    <Select
      label={label}
      description={description}
      placeholder={offered.length === 0 ? 'There is none yet' : none}
      clearable
      clearButtonProps={{ 'aria-label': `No ${label.toLowerCase()}`, ...CHANGES_FORM }}
      value={value}
      onChange={onChange}
      error={error}
      data={[
        ...offered.map(({ id, name, percent }) => ({ value: id, label: `${name} (${percent} %)` })),
        ...(isKnown ? [] : [value]),
      ]}
    />
  )
}

/** A rate of tax as people know it. */
export function TaxRateName({ id }: { readonly id: string }) {
  const { data: rates = [] } = useQuery(taxRatesQuery(useEnvironment()))
  const rate = rates.find((one) => one.id === id)
  return rate ? `${rate.name} (${rate.percent} %)` : id
}
