import { lazy } from 'react'
import classes from './Chart.module.css'
import { ChartFrame, HEIGHT } from './Chart.tsx'
import { DataTable } from './data-table.tsx'
import { Nothing } from './values.tsx'

/** One of the things that are drawn together. */
export type Series = {
  readonly id: string
  readonly label: string
  readonly color: string
  /** Of a line, as SVG has it: lines are told apart by it and not by colour alone. */
  readonly dash?: string
  /** All of it together, in words. */
  readonly total?: string
}

export type Point = {
  readonly id: string
  readonly label: string
  /** By series. Null: nothing was measured, which is not the same as none. */
  readonly values: Readonly<Record<string, number | null>>
  /** Still under way: it will change. */
  readonly isOpen?: boolean
}

export type SeriesDrawing = {
  /** Bars stand upon each other, since their sum means something; lines do not. */
  readonly kind: 'bars' | 'lines'
  readonly series: readonly Series[]
  readonly points: readonly Point[]
  readonly format: (value: number) => string
}

const SeriesDrawn = lazy(() =>
  import('./series-drawn.tsx').then((m) => ({ default: m.SeriesDrawn })),
)

/** Several things over the same time, from zero, and the same as a table. */
export function SeriesChart({ title, ...drawing }: SeriesDrawing & { readonly title: string }) {
  const { kind, series, points, format } = drawing
  return (
    <ChartFrame
      title={title}
      legend={
        <ul className={classes.legend}>
          {series.map(({ id, label, color, dash, total }) => (
            <li key={id}>
              <svg width={16} height={8} aria-hidden="true">
                <path
                  d="M0 4h16"
                  stroke={color}
                  strokeWidth={kind === 'bars' ? 8 : 2}
                  strokeDasharray={dash}
                />
              </svg>
              {label} {total && <b>{total}</b>}
            </li>
          ))}
        </ul>
      }
      table={
        <DataTable
          label={title}
          rows={points}
          rowId={({ id }) => id}
          columns={[
            { id: 'label', header: 'When', value: ({ label }) => label },
            ...series.map(({ id, label }) => ({
              ...{ id, header: label, align: 'right' as const },
              value: ({ values }: Point) => values[id] ?? null,
              cell: ({ values }: Point) => {
                const value = values[id] ?? null
                return value === null ? <Nothing /> : format(value)
              },
            })),
          ]}
        />
      }
    >
      <SeriesDrawn {...drawing} height={HEIGHT} />
    </ChartFrame>
  )
}
