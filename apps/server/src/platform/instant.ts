/** The earlier of two instants. */
export function earlier(left: Date, right: Date): Date {
  return new Date(Math.min(left.getTime(), right.getTime()))
}

/** The later of two instants. */
export function later(left: Date, right: Date): Date {
  return new Date(Math.max(left.getTime(), right.getTime()))
}
