/** A stretch of time `[from, to)` in milliseconds; `to` may be Infinity. */
export type Span = { readonly from: number; readonly to: number }

/** Stretches in order, none of them empty, none touching the next: one set has one such list. */
export type Spans = readonly Span[]

/** Whatever is in either. */
export function union(left: Spans, right: Spans): Spans {
  const merged: Span[] = []
  for (const span of [...left, ...right].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && span.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    else merged.push(span)
  }
  return merged
}

/** Whatever is in both. */
export function intersection(left: Spans, right: Spans): Spans {
  const shared = left.flatMap((a) =>
    right.map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })),
  )
  return shared.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)
}

/** Whatever is in `left` and not in `right`. */
export function difference(left: Spans, right: Spans): Spans {
  return left.flatMap((span) => {
    let rest: Span[] = [span]
    for (const hole of right) rest = rest.flatMap((piece) => withoutHole(piece, hole))
    return rest
  })
}

function withoutHole({ from, to }: Span, hole: Span): Span[] {
  const before = { from, to: Math.min(to, hole.from) }
  const after = { from: Math.max(from, hole.to), to }
  return [before, after].filter((piece) => piece.from < piece.to)
}
