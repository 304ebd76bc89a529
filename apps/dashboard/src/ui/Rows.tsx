import { ActionIcon, Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { CHANGES_FORM } from './form.tsx'
import { Icon } from './icon.tsx'
import classes from './Rows.module.css'

/** Fields in rows, of which some are added and taken away. */
export function Rows<Row>({
  rows,
  onChange,
  add,
  fresh,
  remove,
  hasOpenEnd = false,
  areTall = false,
  children,
}: {
  readonly rows: readonly Row[]
  readonly onChange: (rows: Row[]) => void
  /** What the button says that adds one. */
  readonly add: string
  readonly fresh: Row
  /** What the button of a row says that takes it away. */
  readonly remove: (number: number) => string
  /** The last row stays the last, and stays. */
  readonly hasOpenEnd?: boolean
  /** Each has several lines of fields. */
  readonly areTall?: boolean
  readonly children: (row: Row, index: number, change: (changes: Partial<Row>) => void) => ReactNode
}) {
  const last = rows.length - 1
  return (
    <Stack gap={6}>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name than their place
        <Group key={at} gap={6} wrap="nowrap" align={areTall ? 'flex-start' : 'flex-end'}>
          <div className={classes.fields}>
            {children(row, at, (changes) =>
              onChange(rows.map((old, index) => (index === at ? { ...old, ...changes } : old))),
            )}
          </div>
          <ActionIcon
            className={classes.remove}
            variant="subtle"
            color="gray"
            size={34}
            disabled={hasOpenEnd && at === last}
            aria-label={remove(at + 1)}
            {...CHANGES_FORM}
            onClick={() => onChange(rows.filter((_, index) => index !== at))}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        className={classes.add}
        leftSection={<Icon name="plus" size={12} />}
        {...CHANGES_FORM}
        onClick={() => onChange(rows.toSpliced(hasOpenEnd ? last : rows.length, 0, fresh))}
      >
        {add}
      </Button>
    </Stack>
  )
}
