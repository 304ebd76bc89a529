import { type Figures, FLOORS, isMet, type Results } from './floors.ts'
import type { Measurement } from './measure.ts'

/** All runs of one case, in the order of the rounds. */
export type Series = { readonly name: string; readonly runs: readonly Measurement[] }

/** The results as Markdown that can also be read in a terminal. */
export function reportText(head: readonly string[], series: readonly Series[]): string {
  return [...head, '', casesTable(series), '', floorsTable(resultsOf(series)), ''].join('\n')
}

/** The median of every figure; of memory the worst. */
export function resultsOf(series: readonly Series[]): Results {
  return new Map(
    series.map(({ name, runs }): [string, Figures] => [
      name,
      {
        eventsPerSecond: median(runs.map((run) => run.eventsPerSecond)) ?? 0,
        p50Ms: median(runs.map((run) => run.p50Ms)) ?? 0,
        p99Ms: median(runs.map((run) => run.p99Ms)) ?? 0,
        rollUpMs: median(runs.map((run) => run.rollUpMs)),
        peakMemoryMb: worst(runs.map((run) => run.peakMemoryMb)),
      },
    ]),
  )
}

/** Every floor that was measured and not met. */
export function missedFloors(series: readonly Series[]): string[] {
  const results = resultsOf(series)
  return FLOORS.filter((floor) => isMet(floor, floor.measure(results)) === false).map(
    ({ name, unit }) => `${name} (${unit})`,
  )
}

function casesTable(series: readonly Series[]): string {
  const results = resultsOf(series)
  const rows = series.map(({ name, runs }) => {
    const figures = results.get(name)
    const rates = runs.map((run) => run.eventsPerSecond)
    return [
      name,
      whole(figures?.eventsPerSecond),
      `${whole(Math.min(...rates))}–${whole(Math.max(...rates))}`,
      digits(figures?.p50Ms),
      digits(figures?.p99Ms),
      digits(median(runs.map((run) => run.serverUs))),
      digits(median(runs.map((run) => run.postgresUs))),
      digits(median(runs.map((run) => run.loadUs))),
      whole(figures?.rollUpMs),
      whole(median(runs.map((run) => run.behindMs))),
      whole(figures?.peakMemoryMb),
    ]
  })
  return table(
    [
      'case',
      'events/s',
      'lowest–highest',
      'p50 ms',
      'p99 ms',
      'server µs',
      'postgres µs',
      'load µs',
      'counted after ms',
      'behind ms',
      'server MB',
    ],
    rows,
  )
}

function floorsTable(results: Results): string {
  const verdict = new Map([
    [true, 'met'],
    [false, 'NOT MET'],
    [null, 'not measured'],
  ])
  const rows = FLOORS.map((floor) => {
    const value = floor.measure(results)
    const [sign, bound] =
      'atLeast' in floor.bound ? ['≥', floor.bound.atLeast] : ['≤', floor.bound.atMost]
    return [
      `${floor.name}, ${floor.unit}`,
      digits(value),
      `${sign} ${digits(bound)}`,
      verdict.get(isMet(floor, value)) ?? '',
    ]
  })
  return table(['floor', 'measured', 'promised', ''], rows)
}

/** A Markdown table whose columns line up. All columns but the first are figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, nth) =>
    Math.max(title.length, ...rows.map((row) => row[nth]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, nth) => (nth === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[nth] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, nth) =>
    nth === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0]
  return (low + high) / 2
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

function whole(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : Math.round(value).toLocaleString('en')
}

/** Three digits that say something. */
function digits(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value >= 100 ? whole(value) : String(Number(value.toPrecision(3)))
}
