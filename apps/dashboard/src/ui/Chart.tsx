import { Button } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import classes from './Chart.module.css'
import { DataTable } from './data-table.tsx'
import { BlockSkeleton } from './states.tsx'

export type Bar = {
  readonly label: string
  /** Null: nothing was measured, which is not the same as none. */
  readonly value: number | null
  /** The value as it is, which a number may only come near. */
  readonly exact: string
  /** Still under way: it will grow. */
  readonly isOpen?: boolean
}

export const HEIGHT = 220
const BarChart = lazy(() => import('./bar-chart.tsx').then((m) => ({ default: m.BarChart })))

/** Bars from zero, and the same as a table for whoever cannot see them or wants to copy them. */
export function Chart({
  title,
  bars,
  unit,
}: {
  readonly title: string
  readonly bars: readonly Bar[]
  readonly unit: string
}) {
  return (
    <ChartFrame
      title={title}
      table={
        <DataTable
          label={title}
          rows={bars}
          rowId={({ label }) => label}
          columns={[
            { id: 'label', header: 'When', value: ({ label }) => label },
            {
              id: 'value',
              header: unit || 'Quantity',
              align: 'right',
              value: ({ exact }) => exact,
            },
          ]}
        />
      }
    >
      <BarChart bars={bars} unit={unit} height={HEIGHT} />
    </ChartFrame>
  )
}

/** A drawing under its title, and beside it the table that says the same. */
export function ChartFrame({
  title,
  legend,
  table,
  children,
}: {
  readonly title: string
  /** What is drawn, where it is more than one thing. */
  readonly legend?: ReactNode
  readonly table: ReactNode
  readonly children: ReactNode
}) {
  const [isTable, setTable] = useState(false)
  return (
    <figure className={classes.figure} aria-label={title}>
      <figcaption className={classes.caption}>
        <span>{title}</span>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'As a drawing' : 'As a table'}
        </Button>
      </figcaption>
      {legend}
      {isTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={classes.table} aria-label={title} tabIndex={0}>
          {table}
        </section>
      ) : (
        <Suspense fallback={<BlockSkeleton height={HEIGHT} />}>{children}</Suspense>
      )}
    </figure>
  )
}
