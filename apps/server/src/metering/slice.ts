/** Whose events, and from when to when: `[from, to)` by the events' own time. */
export type Slice = {
  /** Null: every customer of the environment but those in `except`. */
  readonly customer: string | null
  readonly except: readonly string[]
  readonly from: Date
  readonly to: Date
}

/** Roll-ups know whole hours of UTC. */
const HOUR_MS = 3_600_000

/** `[from, to)` */
export type Span = { readonly from: Date; readonly to: Date }

/**
 * Cuts a span into the whole hours in its middle, if any, and the ragged edges before and after, if any.
 * Together they are the span, and nothing of it twice.
 */
export function splitByHour({ from, to }: Span): { hours: Span | null; edges: Span[] } {
  if (from >= to) return { hours: null, edges: [] }
  const first = new Date(Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS)
  const last = new Date(Math.floor(to.getTime() / HOUR_MS) * HOUR_MS)
  if (first > last) return { hours: null, edges: [{ from, to }] } // both within one hour
  const edges = [
    { from, to: first },
    { from: last, to },
  ]
  return {
    hours: first < last ? { from: first, to: last } : null,
    edges: edges.filter((edge) => edge.from < edge.to),
  }
}

/** The same for windows that follow each other: pieces that touch become one, so that few remain. */
export function splitWindows(windows: readonly Span[]): { hours: Span[]; edges: Span[] } {
  const split = windows.map(splitByHour)
  return {
    hours: joined(split.flatMap(({ hours }) => hours ?? [])),
    edges: joined(split.flatMap(({ edges }) => edges)),
  }
}

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const span of spans) {
    const last = result.at(-1)
    if (last?.to.getTime() === span.from.getTime())
      result.splice(-1, 1, { from: last.from, to: span.to })
    else result.push(span)
  }
  return result
}
