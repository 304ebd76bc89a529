import classes from './portal.module.css'
import { usePortal } from './portal-context.tsx'

type Point = { readonly from: string; readonly quantity: string | null }

const [WIDTH, HEIGHT, GAP] = [600, 90, 0.25]
const BARS_MIN = 7 // so that the first days of a period are no walls

/** Bars from zero, and the same as a table for whoever cannot see them. Small, so that nothing else is loaded. */
export function Bars({
  name,
  series,
  window,
}: {
  readonly name: string
  readonly series: readonly Point[]
  readonly window: 'day' | 'month'
}) {
  const { words, format } = usePortal()
  const values = series.map(({ quantity }) => Math.max(0, Number(quantity ?? 0)))
  const greatest = Math.max(...values, 0)
  const step = WIDTH / Math.max(series.length, BARS_MIN)
  const written = (quantity: string | null) => (quantity === null ? '–' : format.quantity(quantity))
  const [first, last] = [series[0], series.at(-1)]
  return (
    <div>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: ${series.length}`}
      >
        {series.map((point, at) => {
          const value = values[at] ?? 0
          const height =
            greatest === 0 ? 0 : Math.max(value > 0 ? 2 : 0, (value / greatest) * HEIGHT)
          return (
            <rect
              key={point.from}
              x={at * step}
              y={HEIGHT - height}
              width={step * (1 - GAP)}
              height={height}
            >
              <title>{`${format.tick(point.from, window)}: ${written(point.quantity)}`}</title>
            </rect>
          )
        })}
      </svg>
      <p className={classes.ends} aria-hidden="true">
        <span>{first && format.tick(first.from, window)}</span>
        <span>{last !== first && last && format.tick(last.from, window)}</span>
      </p>
      <details className={classes.details}>
        <summary>{words.asTable}</summary>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              <th scope="col" className={classes.right}>
                {words.quantity}
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map(({ from, quantity }) => (
              <tr key={from}>
                <td>{format.tick(from, window)}</td>
                <td className={classes.right}>{written(quantity)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}
