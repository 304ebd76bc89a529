/** A row of usage that stands for a customer, or for one value of a property. */
export type Group = {
  readonly customerId?: string | undefined
  readonly group?: string | number | boolean | null | undefined
  readonly quantity: string | null
  readonly events: string
}

/** Events without the property are a group of their own, which has no name. */
export function groupName({ customerId, group }: Group): string {
  return customerId ?? (group == null ? '' : String(group))
}

/** Tells groups apart that have the same name: the number 1 from the text "1", no value from an empty one. */
export function groupId({ customerId, group }: Group): string {
  return JSON.stringify(customerId ?? group ?? null)
}

/** How long its bar is, as a part of the longest: from 0 to 1. What takes usage back has none. */
export function partOf({ quantity }: Group, groups: readonly Group[]): number {
  const most = Math.max(...groups.map((group) => Number(group.quantity ?? 0)))
  return most > 0 ? Math.max(0, Number(quantity ?? 0) / most) : 0
}
