import { SegmentedControl, Stack, TextInput } from '@mantine/core'
import type { WhenValues } from './change-values.ts'

/** From when on something is to hold. */
export function WhenField({
  when,
  onChange,
  periodEnd,
  error,
}: {
  readonly when: WhenValues
  readonly onChange: (when: WhenValues) => void
  /** What ends there: a period, or a trial. */
  readonly periodEnd: string
  readonly error?: string | undefined
}) {
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="When"
        value={when.kind}
        onChange={(kind) => onChange({ ...when, kind: kind as WhenValues['kind'] })}
        data={[
          { value: 'now', label: 'Now' },
          { value: 'period_end', label: periodEnd },
          { value: 'at', label: 'At a time' },
        ]}
      />
      {when.kind === 'at' && (
        <TextInput
          label="From then on"
          description="In UTC"
          type="datetime-local"
          value={when.at}
          onChange={({ currentTarget: { value } }) => onChange({ ...when, at: value })}
          error={error}
        />
      )}
    </Stack>
  )
}
