import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Sort } from '../ui/data-table.tsx'

/** What is looked at in a list. It lives in the address, so that it can be sent to somebody. */
export type ListState = {
  readonly filters: Readonly<Record<string, string>>
  readonly setFilter: (name: string, value: string | null) => void
  readonly clearFilters: () => void
  readonly sort: Sort | null
  readonly setSort: (sort: Sort | null) => void
  /** Columns that are shown besides, or in spite of, those that are by themselves. */
  readonly toggled: ReadonlySet<string>
  readonly toggleColumn: (id: string) => void
}

type Search = Readonly<Record<string, string | undefined>>

/**
 * Reads `names` and the state of the table from the address, and writes them there. `prefix` tells the table
 * from another on the same page.
 */
export function useListState(names: readonly string[], prefix = ''): ListState {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  return useMemo(() => {
    const [sortName, columnsName] = [`${prefix}sort`, `${prefix}columns`]
    const write = (changes: Search): void => {
      void navigate({
        to: '.',
        search: (before: Search) => withoutEmpty({ ...before, ...changes }),
        replace: true,
      } as Parameters<typeof navigate>[0])
    }
    const filters = Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name]
        return value === undefined ? [] : [[name, value]]
      }),
    )
    const toggled = new Set((search[columnsName] ?? '').split(',').filter(Boolean))
    return {
      filters,
      setFilter: (name, value) => write({ [name]: value ?? undefined }),
      clearFilters: () => write(Object.fromEntries(names.map((name) => [name, undefined]))),
      sort: readSort(search[sortName]),
      setSort: (sort) => write({ [sortName]: sort ? writeSort(sort) : undefined }),
      toggled,
      toggleColumn: (id) => {
        const others = [...toggled].filter((other) => other !== id)
        write({
          [columnsName]: (toggled.has(id) ? others : [...others, id]).join(',') || undefined,
        })
      },
    }
  }, [names, prefix, navigate, search])
}

/** `created` or, the other way round, `-created`. */
export function readSort(text: string | undefined): Sort | null {
  if (!text) return null
  return text.startsWith('-')
    ? { column: text.slice(1), isDescending: true }
    : { column: text, isDescending: false }
}

function writeSort({ column, isDescending }: Sort): string {
  return isDescending ? `-${column}` : column
}

function withoutEmpty(search: Search): Search {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  )
}
