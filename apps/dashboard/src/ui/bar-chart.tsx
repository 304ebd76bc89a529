import {
  Bar,
  BarChart as Bars,
  CartesianGrid,
  Cell,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import classes from './Chart.module.css'
import type { Bar as BarValue } from './Chart.tsx'
import { evenTicks } from './even-ticks.ts'
import { formatCompact } from './format.ts'

const HATCH = 'uf-hatch'
const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' }

/** The drawing alone: `Chart` says in words what it shows. */
export function BarChart({
  bars,
  unit,
  height,
}: {
  readonly bars: readonly BarValue[]
  readonly unit: string
  readonly height: number
}) {
  const total = bars.length
  const ticks = evenTicks(Math.max(0, ...bars.map(({ value }) => value ?? 0)))
  return (
    <div role="img" aria-label={`${total} bars; the table says the same in figures`}>
      <ResponsiveContainer width="100%" height={height}>
        <Bars
          data={[...bars]}
          accessibilityLayer={false}
          margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
        >
          <defs>
            <pattern id={HATCH} width="6" height="6" patternUnits="userSpaceOnUse">
              <rect width="6" height="6" fill="var(--uf-link)" opacity="0.25" />
              <path d="M0 6L6 0" stroke="var(--uf-link)" strokeWidth="1.5" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--uf-border)" />
          <XAxis dataKey="label" tick={TICK} tickLine={false} axisLine={false} minTickGap={28} />
          <YAxis
            width={44}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            tickFormatter={formatCompact}
            ticks={ticks}
            domain={[0, ticks.at(-1) ?? 1]}
            interval={0}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--uf-hover)' }}
            content={({ active, payload }) => (
              <Hint
                bar={active ? (payload[0]?.payload as BarValue | undefined) : undefined}
                unit={unit}
              />
            )}
          />
          <Bar dataKey="value" isAnimationActive={false} radius={[3, 3, 0, 0]} maxBarSize={36}>
            {bars.map(({ label, isOpen }) => (
              <Cell key={label} fill={isOpen ? `url(#${HATCH})` : 'var(--uf-link)'} />
            ))}
          </Bar>
        </Bars>
      </ResponsiveContainer>
    </div>
  )
}

function Hint({ bar, unit }: { readonly bar: BarValue | undefined; readonly unit: string }) {
  if (!bar) return null
  return (
    <div className={classes.hint}>
      {bar.label}
      {bar.isOpen ? ' (under way)' : ''}: <b>{bar.exact}</b> {unit}
    </div>
  )
}
