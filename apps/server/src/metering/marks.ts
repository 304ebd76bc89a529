import type { Mark } from './cursors.store.ts'

const MARKS_MAX = 256

/** Adds a mark; drops the second oldest when there are too many, since the oldest may be needed longest. */
export function remember(marks: Mark[], mark: Mark): void {
  marks.push(mark)
  if (marks.length > MARKS_MAX) marks.splice(1, 1)
}

/**
 * The latest remembered instant at which only transactions below `position` had begun: everything that
 * was committed before it is below `position`. Null when none is remembered.
 */
export function asOfAt(marks: readonly Mark[], position: bigint): Date | null {
  return marks.findLast(({ next }) => next <= position)?.at ?? null
}
