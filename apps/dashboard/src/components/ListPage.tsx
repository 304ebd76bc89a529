import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Environment } from '../api/environment.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { PageHeader } from '../ui/page.tsx'
import { ErrorState, RowsSkeleton } from '../ui/states.tsx'
import { type Filter, FilterBar } from './FilterBar.tsx'
import { ListTools } from './ListTools.tsx'
import { type FetchPage, useList } from './list-query.ts'
import { type ListState, useListState } from './list-state.ts'

export type ListDefinition<Row> = {
  /** Names the list in keys of queries and files. */
  readonly name: string
  readonly fetchPage: FetchPage<Row>
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly filters?: readonly Filter[]
  /** Each reading is noted in the log, or makes others be asked: it is read when somebody opens it, and not again by itself. */
  readonly isCostly?: boolean
  /** How often it is read again while somebody looks, since what it lists goes on by itself. */
  readonly refreshMs?: number
  /** Where the server writes all of it as CSV, with columns of its own; without, the browser does from the pages. */
  readonly exportAddress?: (
    environment: Environment,
    filters: Readonly<Record<string, string>>,
  ) => string
}

const NO_FILTERS: readonly Filter[] = []

/** A list of everything of a kind: filters, table, pages, export, and what to show when there is nothing. */
export function ListPage<Row extends object>({
  list,
  title,
  sentence,
  action,
  rowHref,
  empty,
  above,
}: {
  readonly list: ListDefinition<Row>
  readonly title: string
  readonly sentence: string
  readonly action?: ReactNode
  readonly rowHref?: (row: Row) => string
  readonly empty: ReactNode
  readonly above?: ReactNode
}) {
  return (
    <>
      <PageHeader title={title} sentence={sentence} actions={action} />
      {above}
      <List list={list} label={title} rowHref={rowHref} empty={empty} />
    </>
  )
}

/** The list without the head of a page, for a tab. `fixed` filters are not the reader's to change. */
export function List<Row extends object>({
  list,
  label,
  rowHref,
  empty,
  fixed = {},
  isSecond = false,
}: {
  readonly list: ListDefinition<Row>
  readonly label: string
  readonly rowHref?: ((row: Row) => string) | undefined
  readonly empty: ReactNode
  readonly fixed?: Readonly<Record<string, string>>
  /** Stands below another list, and has names of its own for its sort and columns in the address. */
  readonly isSecond?: boolean
}) {
  const { filters: definitions = NO_FILTERS } = list
  const state = useListState(namesOf(definitions), isSecond ? `${list.name}.` : '')
  const filters = { ...state.filters, ...fixed }
  const { query, rows } = useList(list, filters)
  const hidden = hiddenColumns(list.columns, state)
  return (
    <>
      <Group justify="space-between" mb="xs" gap="xs">
        <FilterBar filters={definitions} state={state} />
        <ListTools list={list} state={state} hidden={hidden} filters={filters} />
      </Group>
      {query.isPending ? (
        <RowsSkeleton />
      ) : query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Nothing isFiltered={Object.keys(state.filters).length > 0} state={state} empty={empty} />
      ) : (
        <DataTable
          label={label}
          columns={list.columns}
          rows={rows}
          rowId={list.rowId}
          rowHref={rowHref}
          sort={state.sort}
          onSort={state.setSort}
          hidden={hidden}
        />
      )}
      <More query={query} count={rows.length} isSorted={state.sort !== null} />
    </>
  )
}

const namesByFilters = new WeakMap<readonly Filter[], readonly string[]>()

/** The same array for the same filters, so that what depends on it is not made anew. */
function namesOf(filters: readonly Filter[]): readonly string[] {
  const known = namesByFilters.get(filters) ?? filters.map(({ name }) => name)
  namesByFilters.set(filters, known)
  return known
}

function hiddenColumns<Row>(
  columns: readonly Column<Row>[],
  { toggled }: ListState,
): ReadonlySet<string> {
  const hidden = columns.filter(({ id, isExtra = false }) => toggled.has(id) !== isExtra)
  return new Set(hidden.map(({ id }) => id))
}

function Nothing({
  isFiltered,
  state,
  empty,
}: {
  readonly isFiltered: boolean
  readonly state: ListState
  readonly empty: ReactNode
}) {
  if (!isFiltered) return empty
  return (
    <Group py="xl" gap="sm">
      <Text c="dimmed">Nothing is as the filters say.</Text>
      <Button size="xs" variant="default" onClick={state.clearFilters}>
        Clear filters
      </Button>
    </Group>
  )
}

function More({
  query,
  count,
  isSorted,
}: {
  readonly query: ReturnType<typeof useList>['query']
  readonly count: number
  readonly isSorted: boolean
}) {
  if (count === 0) return null
  return (
    <Group mt="sm" justify="space-between" mih={30}>
      <Text size="xs" c="dimmed">
        {query.hasNextPage
          ? `The first ${count}${isSorted ? '; only these are sorted' : ''}`
          : `${count} in all`}
      </Text>
      {query.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Group>
  )
}
