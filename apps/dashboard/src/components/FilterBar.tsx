import { Button, CloseButton, Group, Popover, Select, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import classes from './FilterBar.module.css'
import type { ListState } from './list-state.ts'

export type Filter = {
  /** As the API calls it. */
  readonly name: string
  readonly label: string
  /** What can be chosen; without them, anything can be typed. */
  readonly options?: readonly (string | { readonly value: string; readonly label: string })[]
  /** A day of the reader's calendar, like 2026-03-01. */
  readonly isDay?: boolean
  readonly placeholder?: string
}

const SEARCHED_OPTIONS_MIN = 12

function labelled(option: string | { readonly value: string; readonly label: string }) {
  if (typeof option !== 'string') return option
  return { value: option, label: option.replaceAll('_', ' ') }
}

function labelOf({ options = [] }: Filter, value: string): string {
  const known = options.map(labelled).find((option) => option.value === value)
  return known?.label ?? value.replaceAll('_', ' ')
}

/** One chip for each thing that a list can be narrowed down by. */
export function FilterBar({
  filters,
  state,
}: {
  readonly filters: readonly Filter[]
  readonly state: ListState
}) {
  const [opened, setOpened] = useState<string | null>(null)
  const searched = filters.find(({ options, isDay }) => !options && !isDay)?.name
  useSlash(searched === undefined ? null : () => setOpened(searched))
  return (
    <Group gap={6}>
      {filters.map((filter) => (
        <FilterChip
          key={filter.name}
          filter={filter}
          isOpen={opened === filter.name}
          setOpen={(isOpen) => setOpened(isOpen ? filter.name : null)}
          value={state.filters[filter.name] ?? null}
          onChange={(value) => state.setFilter(filter.name, value)}
        />
      ))}
    </Group>
  )
}

/** A slash searches the list that is looked at. Listened to before the palette, which has all the other pages. */
function useSlash(search: (() => void) | null): void {
  const latest = useRef(search)
  latest.current = search
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isTyping = (event.target as Element).closest('input, textarea, select, [role="dialog"]')
      if (event.key !== '/' || isTyping || latest.current === null) return
      event.preventDefault()
      event.stopImmediatePropagation()
      latest.current()
    }
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [])
}

function FilterChip({
  filter,
  isOpen,
  setOpen,
  value,
  onChange,
}: {
  readonly filter: Filter
  readonly isOpen: boolean
  readonly setOpen: (isOpen: boolean) => void
  readonly value: string | null
  readonly onChange: (value: string | null) => void
}) {
  const change = (next: string | null): void => {
    setOpen(false)
    onChange(next)
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="sm" trapFocus>
      <span className={classes.chip} data-set={value !== null || undefined}>
        <Popover.Target>
          <Button
            size="compact-xs"
            variant="default"
            className={classes.button}
            leftSection={value === null ? <Icon name="plus" size={12} /> : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            {value === null ? filter.label : `${filter.label}: ${labelOf(filter, value)}`}
          </Button>
        </Popover.Target>
        {value !== null && (
          <CloseButton
            size="xs"
            aria-label={`Clear ${filter.label}`}
            onClick={() => change(null)}
          />
        )}
      </span>
      <Popover.Dropdown>
        <FilterInput filter={filter} value={value} onChange={change} />
      </Popover.Dropdown>
    </Popover>
  )
}

function FilterInput({
  filter,
  value,
  onChange,
}: {
  readonly filter: Filter
  readonly value: string | null
  readonly onChange: (value: string | null) => void
}) {
  const [text, setText] = useState(value ?? '')
  if (filter.options)
    return (
      <Select
        data={filter.options.map(labelled)}
        searchable={filter.options.length > SEARCHED_OPTIONS_MIN}
        label={filter.label}
        value={value}
        onChange={onChange}
        comboboxProps={{ withinPortal: false }}
        data-autofocus
        allowDeselect={false}
      />
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onChange(text.trim() || null)
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label={filter.label}
          placeholder={filter.placeholder ?? ''}
          type={filter.isDay ? 'date' : 'text'}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <Button type="submit">Filter</Button>
      </Group>
    </form>
  )
}
