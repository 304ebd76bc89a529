import { useId } from 'react'
import {
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import classes from './Chart.module.css'
import { evenTicks } from './even-ticks.ts'
import type { Point, Series, SeriesDrawing } from './SeriesChart.tsx'

const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' }

/** The drawing alone: `SeriesChart` says in words what it shows. */
export function SeriesDrawn({
  kind,
  series,
  points,
  format,
  height,
}: SeriesDrawing & { readonly height: number }) {
  const hatch = useId()
  const ticks = evenTicks(Math.max(0, ...points.map((point) => heightOf(point, kind))))
  return (
    <div
      role="img"
      aria-label={`${points.length} points in time; the table says the same in figures`}
    >
      <ResponsiveContainer width="100%" height={height}>
        <ComposedChart
          data={[...points]}
          accessibilityLayer={false}
          margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
        >
          <defs>
            {series.map(({ id, color }) => (
              <Hatch key={id} id={`${hatch}-${id}`} color={color} />
            ))}
          </defs>
          <CartesianGrid vertical={false} stroke="var(--uf-border)" />
          <XAxis
            dataKey="id"
            tick={TICK}
            tickLine={false}
            axisLine={false}
            minTickGap={28}
            tickFormatter={(id: string) => points.find((point) => point.id === id)?.label ?? ''}
          />
          <YAxis
            width={60}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            tickFormatter={format}
            ticks={ticks}
            domain={[0, ticks.at(-1) ?? 1]}
            interval={0}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--uf-hover)', stroke: 'var(--uf-border)' }}
            content={({ active, payload }) => (
              <Hint
                point={active ? (payload[0]?.payload as Point | undefined) : undefined}
                series={series}
                format={format}
              />
            )}
          />
          {series.map(({ id, color, dash }) =>
            kind === 'bars' ? (
              <Bar
                key={id}
                dataKey={`values.${id}`}
                stackId="all"
                fill={color}
                isAnimationActive={false}
                maxBarSize={36}
              >
                {points.map((point) => (
                  <Cell key={point.id} fill={point.isOpen ? `url(#${hatch}-${id})` : color} />
                ))}
              </Bar>
            ) : (
              <Line
                key={id}
                dataKey={`values.${id}`}
                stroke={color}
                strokeWidth={1.5}
                {...(dash === undefined ? {} : { strokeDasharray: dash })}
                dot={isAlone(points, id) ? { r: 2, strokeDasharray: 'none' } : false}
                isAnimationActive={false}
              />
            ),
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

function Hatch({ id, color }: { readonly id: string; readonly color: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse">
      <rect width="6" height="6" fill={color} opacity="0.25" />
      <path d="M0 6L6 0" stroke={color} strokeWidth="1.5" />
    </pattern>
  )
}

function heightOf({ values }: Point, kind: SeriesDrawing['kind']): number {
  const measured = Object.values(values).map((value) => value ?? 0)
  return kind === 'bars'
    ? measured.reduce((sum, value) => sum + value, 0)
    : Math.max(0, ...measured)
}

/** Whether some point has neither before nor after it another to be joined with: without a dot nobody would see it. */
function isAlone(points: readonly Point[], id: string): boolean {
  const isThere = (at: number) => (points[at]?.values[id] ?? null) !== null
  return points.some((_, at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1))
}

function Hint({
  point,
  series,
  format,
}: {
  readonly point: Point | undefined
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}) {
  if (!point) return null
  return (
    <div className={classes.hint}>
      {point.label}
      {point.isOpen ? ' (under way)' : ''}
      {series.map(({ id, label }) => {
        const value = point.values[id] ?? null
        return (
          <div key={id}>
            {label}: <b>{value === null ? '–' : format(value)}</b>
          </div>
        )
      })}
    </div>
  )
}
