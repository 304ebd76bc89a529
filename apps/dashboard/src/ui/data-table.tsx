import { UnstyledButton } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo } from 'react'
import { type CellValue, compareValues } from './compare-values.ts'
import classes from './data-table.module.css'
import { Icon } from './icon.tsx'
import { PageLink } from './page.tsx'

export type Column<Row> = {
  readonly id: string
  readonly header: string
  readonly value: (row: Row) => CellValue
  /** How it is shown, when it is not just its value. */
  readonly cell?: (row: Row) => ReactNode
  /** What stands in an export, when it is not its value: money in the major unit. */
  readonly exported?: (row: Row) => string
  readonly align?: 'right'
  /** Not shown until somebody asks for it. */
  readonly isExtra?: boolean
}

export type Sort = { readonly column: string; readonly isDescending: boolean }

type DataTableProps<Row> = {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowId: (row: Row) => string
  /** Where a row leads: its first cell is the link, and a click anywhere follows it. */
  readonly rowHref?: ((row: Row) => string | undefined) | undefined
  readonly sort?: Sort | null
  readonly onSort?: ((sort: Sort | null) => void) | undefined
  readonly hidden?: ReadonlySet<string>
}

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
})

const NO_COLUMNS: ReadonlySet<string> = new Set()

/** Rows under headings that sort them; on a narrow screen, every row becomes a block of its own. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, sort = null, hidden = NO_COLUMNS } = props
  const definitions = useMemo(() => columns.map(definitionOf), [columns])
  const sorting: SortingState = sort ? [{ id: sort.column, desc: sort.isDescending }] : []
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[], // the library never writes to it
    getRowId: rowId,
    state: {
      sorting,
      columnVisibility: Object.fromEntries([...hidden].map((id) => [id, false])),
    },
  })
  const byId = new Map(columns.map((column) => [column.id, column]))
  const shown = table.getVisibleLeafColumns().flatMap(({ id }) => byId.get(id) ?? [])
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={props.label}>
        <thead>
          <tr>
            {shown.map((column) => (
              <Heading key={column.id} column={column} sort={sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {table.getRowModel().rows.map(({ id, original }) => (
            <TableRow key={id} row={original} columns={shown} href={props.rowHref?.(original)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Heading<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>
  readonly sort: Sort | null
  readonly onSort: ((sort: Sort | null) => void) | undefined
}) {
  const direction =
    sort?.column === column.id ? (sort.isDescending ? 'descending' : 'ascending') : 'none'
  if (!onSort)
    return (
      <th scope="col" data-align={column.align}>
        {column.header}
      </th>
    )
  return (
    <th scope="col" data-align={column.align} aria-sort={direction}>
      <UnstyledButton
        className={classes.sort}
        data-active={direction !== 'none' || undefined}
        onClick={() => onSort(next(column.id, direction))}
      >
        {column.header}
        <Icon
          name={direction === 'none' ? 'sort' : direction === 'ascending' ? 'up' : 'falling'}
          size={12}
        />
      </UnstyledButton>
    </th>
  )
}

function next(column: string, direction: 'none' | 'ascending' | 'descending'): Sort | null {
  if (direction === 'descending') return null
  return { column, isDescending: direction === 'ascending' }
}

function TableRow<Row>({
  row,
  columns,
  href,
}: {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly href: string | undefined
}) {
  const navigate = useNavigate()
  return (
    <tr
      data-link={href !== undefined || undefined}
      onClick={(event) => {
        const isOnControl = (event.target as Element).closest('a, button, input, label')
        const isSelecting = window.getSelection()?.isCollapsed === false
        if (href !== undefined && !isOnControl && !isSelecting) void navigate({ to: href })
      }}
    >
      {columns.map((column, index) => (
        <td key={column.id} data-align={column.align} data-label={column.header}>
          {index === 0 && href !== undefined ? (
            <PageLink to={href}>{shownIn(column, row)}</PageLink>
          ) : (
            shownIn(column, row)
          )}
        </td>
      ))}
    </tr>
  )
}

function shownIn<Row>(column: Column<Row>, row: Row): ReactNode {
  if (column.cell) return column.cell(row)
  const value = column.value(row)
  return value === null || value === '' ? '–' : String(value)
}

function definitionOf<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  return {
    id: column.id,
    accessorFn: (row) => column.value(row),
    sortFn: (left, right, id) =>
      compareValues(left.getValue<CellValue>(id), right.getValue<CellValue>(id)),
  }
}
