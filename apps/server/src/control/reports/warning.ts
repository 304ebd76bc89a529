import type { RouteName } from './report.ts'

export const WARNING_KINDS = [
  'unmetered',
  'endpoint_vanished',
  'endpoints_full',
  'reports_missed',
  'rows_left_out',
  'usage_lost',
] as const

/** Something that its owner would want to know of, and that nothing else tells. */
export type Warning = {
  readonly kind: (typeof WARNING_KINDS)[number]
  readonly application: string
  /** Null: it is about the whole application. */
  readonly endpoint: { readonly id: string; readonly name: RouteName | null } | null
  /** Of requests, reports, rows, events or endpoints, by its kind. */
  readonly count: number
  /** When it was last so. */
  readonly at: Date
}

/** What is the matter, and what to do. */
export function messageOf({ kind, count }: Warning): string {
  switch (kind) {
    case 'unmetered':
      return `${count} requests were to be metered and had no customer. Look at the strategy of the policy: it finds nobody in them.`
    case 'endpoint_vanished':
      return `No request for a day; there were ${count} on the three days before. Look whether it was removed, or is no longer reached.`
    case 'endpoints_full':
      return `The application has ${count} endpoints: further ones count as requests without a route. Look for routes with names of things in them.`
    case 'reports_missed':
      return `${count} reports of its processes never came: figures are too low. Look into its log for reports that were refused.`
    case 'rows_left_out':
      return `${count} rows of reports count for nothing, since they are more than a day old, ahead of time, or too many. Look at the clocks of its machines.`
    case 'usage_lost':
      return `${count} pieces of usage were refused or dropped by its processes, and will not be billed. Look into its log for the reasons.`
    default:
      throw new TypeError(`unknown kind of warning: ${kind satisfies never as string}`)
  }
}
