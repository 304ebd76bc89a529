import { Select } from '@mantine/core'
import type { Meter } from '../api/records.ts'

/** Chooses one of the meters, by its name. */
export function MeterChoice({
  meters,
  chosen,
  onChange,
}: {
  readonly meters: readonly Meter[]
  /** Its key. */
  readonly chosen: string
  onChange(key: string | null): void
}) {
  return (
    <Select
      size="xs"
      w={220}
      aria-label="Meter"
      value={chosen}
      onChange={onChange}
      allowDeselect={false}
      data={meters.map(({ key, name }) => ({ value: key, label: name }))}
    />
  )
}
