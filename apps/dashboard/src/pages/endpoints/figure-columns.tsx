import type { Endpoint } from '../../api/records.ts'
import type { Column } from '../../ui/data-table.tsx'
import { formatBytes, formatDuration, formatQuantity, formatShare } from '../../ui/format.ts'
import { Nothing } from '../../ui/values.tsx'

/** What is told of a number of requests. */
type Figures = Pick<
  Endpoint,
  'requests' | 'errorRate' | 'latencyMs' | 'unmetered' | 'requestBytes' | 'responseBytes'
>

/** What is looked at first. */
export const figureColumns: readonly Column<Figures>[] = [
  figureColumn('requests', 'Requests', ({ requests }) => requests, formatCount),
  figureColumn('errors', 'Errors', ({ errorRate }) => errorRate, formatShare),
  figureColumn('p50', 'p50', ({ latencyMs }) => latencyMs?.p50, formatDuration),
  figureColumn('p95', 'p95', ({ latencyMs }) => latencyMs?.p95, formatDuration),
  figureColumn('p99', 'p99', ({ latencyMs }) => latencyMs?.p99, formatDuration),
]

/** What somebody may ask for besides. */
export const moreFigureColumns: readonly Column<Figures>[] = [
  figureColumn('unmetered', 'Without a customer', ({ unmetered }) => unmetered, formatCount),
  figureColumn('in', 'Received', ({ requestBytes }) => requestBytes, formatBytes),
  figureColumn('out', 'Sent', ({ responseBytes }) => responseBytes, formatBytes),
].map((column) => ({ ...column, isExtra: true }))

function figureColumn(
  id: string,
  header: string,
  value: (figures: Figures) => number | null | undefined,
  format: (value: number) => string,
): Column<Figures> {
  return {
    ...{ id, header, align: 'right' as const },
    value: (figures) => value(figures) ?? null,
    cell: (figures) => {
      const figure = value(figures) ?? null
      return figure === null ? <Nothing /> : format(figure)
    },
  }
}

function formatCount(count: number): string {
  return formatQuantity(String(count))
}
