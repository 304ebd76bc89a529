import { Button, Checkbox, Group, Popover, Stack, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useEnvironment } from '../api/environment.tsx'
import { messageOf } from '../api/errors.ts'
import { readNow } from '../clock.ts'
import { Icon } from '../ui/icon.tsx'
import { saveFile, saveFrom, toCsv } from './csv.ts'
import type { ListDefinition } from './ListPage.tsx'
import { EXPORT_ROWS_MAX, fetchAll } from './list-query.ts'
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

/** Writes every row that the filters leave, with all columns. */
function ExportButton<Row>({
  list,
  filters,
}: {
  readonly list: ListDefinition<Row>
  readonly filters: Readonly<Record<string, string>>
}) {
  const environment = useEnvironment()
  const [isRunning, setRunning] = useState(false)
  const exportRows = async (): Promise<void> => {
    const day = readNow().toISOString().slice(0, 10)
    const name = `${list.name}-${environment.mode}-${day}.csv`
    if (list.exportAddress) return saveFrom(name, list.exportAddress(environment, filters))
    setRunning(true)
    try {
      const rows = await fetchAll(environment, list.fetchPage, filters)
      saveFile(name, new Blob([toCsv(list.columns, rows)], { type: 'text/csv;charset=utf-8' }))
      if (rows.length >= EXPORT_ROWS_MAX)
        notifications.show({ message: `The file ends after ${rows.length} rows. Narrow it down.` })
    } catch (error) {
      notifications.show({ color: 'red', title: 'Not exported', message: messageOf(error) })
    } finally {
      setRunning(false)
    }
  }
  return (
    <Tooltip label="All rows that the filters leave, as CSV">
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<Icon name="download" size={14} />}
        loading={isRunning}
        onClick={() => void exportRows()}
      >
        Export
      </Button>
    </Tooltip>
  )
}
