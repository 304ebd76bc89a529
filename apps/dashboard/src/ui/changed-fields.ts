/**
 * What of a form is to be sent: the fields that were changed in it. A form that sends all it shows takes
 * back what somebody else changed since it was opened.
 */
export function changedFields<Body extends object>(opened: Body, now: Body): Partial<Body> {
  const before = new Map<string, unknown>(Object.entries(opened))
  const changed = Object.entries(now).filter(([name, value]) => !isSame(before.get(name), value))
  return Object.fromEntries(changed) as Partial<Body>
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
