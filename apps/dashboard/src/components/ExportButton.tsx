import { Button, Text, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useRef, useState } from 'react'
import { useEnvironment } from '../api/environment.tsx'
import { messageOf } from '../api/errors.ts'
import { readNow } from '../clock.ts'
import { Icon } from '../ui/icon.tsx'
import { saveFile } from './csv.ts'
import { exportList } from './export-list.ts'
import type { ListDefinition } from './ListPage.tsx'

const LOOK = { size: 'compact-xs', variant: 'subtle', color: 'gray' } as const

/** Writes every row that the filters leave, with all columns. While it does, it says how far it is and can be stopped. */
export function ExportButton<Row>({
  list,
  filters,
}: {
  readonly list: ListDefinition<Row>
  readonly filters: Readonly<Record<string, string>>
}) {
  const { soFar, start, stop } = useExport(list, filters)
  if (soFar !== null)
    return (
      <>
        <Text size="xs" c="dimmed" role="status">
          {soFar}
        </Text>
        <Button {...LOOK} leftSection={<Icon name="close" size={14} />} onClick={stop}>
          Stop the export
        </Button>
      </>
    )
  return (
    <Tooltip label="All rows that the filters leave, as CSV">
      <Button
        {...LOOK}
        leftSection={<Icon name="download" size={14} />}
        onClick={() => void start()}
      >
        Export
      </Button>
    </Tooltip>
  )
}

/** `soFar` is how far the export is that runs; null: none does. One ends with the page that it was begun on. */
function useExport<Row>(list: ListDefinition<Row>, filters: Readonly<Record<string, string>>) {
  const environment = useEnvironment()
  const [soFar, setSoFar] = useState<string | null>(null)
  const running = useRef<AbortController>(undefined)
  const stop = (): void => running.current?.abort()
  useEffect(() => () => running.current?.abort(), [])
  const start = async (): Promise<void> => {
    const controller = new AbortController()
    const { signal } = controller
    running.current = controller
    const day = readNow().toISOString().slice(0, 10)
    setSoFar('0 rows')
    try {
      const file = await exportList(list, environment, filters, { signal, onProgress: setSoFar })
      saveFile(`${list.name}-${environment.mode}-${day}.csv`, file)
    } catch (error) {
      if (signal.aborted)
        notifications.show({ message: 'The export was stopped, and nothing was saved.' })
      else notifications.show({ color: 'red', title: 'Not exported', message: messageOf(error) })
    } finally {
      setSoFar(null)
    }
  }
  return { soFar, start, stop }
}
