import { Button, Checkbox, Group, Popover, Stack } from '@mantine/core'
import { Icon } from '../ui/icon.tsx'
import { ExportButton } from './ExportButton.tsx'
import type { ListDefinition } from './ListPage.tsx'
import type { ListState } from './list-state.ts'

/** What can be done with any list: choose its columns, and take it away. */
export function ListTools<Row>({
  list,
  state,
  hidden,
  filters,
}: {
  readonly list: ListDefinition<Row>
  readonly state: ListState
  readonly hidden: ReadonlySet<string>
  readonly filters: Readonly<Record<string, string>>
}) {
  return (
    <Group gap={6} ml="auto">
      <Popover position="bottom-end" shadow="sm" trapFocus>
        <Popover.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<Icon name="columns" size={14} />}
          >
            Columns
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs">
            {list.columns.slice(1).map(({ id, header }) => (
              <Checkbox
                key={id}
                size="xs"
                label={header}
                checked={!hidden.has(id)}
                onChange={() => state.toggleColumn(id)}
              />
            ))}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <ExportButton list={list} filters={filters} />
    </Group>
  )
}
