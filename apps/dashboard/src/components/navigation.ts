import type { EnvironmentPaths } from '../paths.ts'
import type { IconName } from '../ui/icon.tsx'

export type Place = {
  readonly label: string
  readonly icon: IconName
  readonly to: (paths: EnvironmentPaths) => string
}

/** What is looked at every day, in the order of the way from an event to an invoice. */
export const PLACES: readonly Place[] = [
  { label: 'Overview', icon: 'overview', to: (paths) => paths.overview },
  { label: 'Events', icon: 'events', to: (paths) => paths.events },
  { label: 'Meters', icon: 'meters', to: (paths) => paths.meters },
  { label: 'Plans', icon: 'plans', to: (paths) => paths.plans },
  { label: 'Customers', icon: 'customers', to: (paths) => paths.customers },
  { label: 'Subscriptions', icon: 'subscriptions', to: (paths) => paths.subscriptions },
  { label: 'Invoices', icon: 'invoices', to: (paths) => paths.invoices },
  { label: 'Payments', icon: 'payments', to: (paths) => paths.payments },
  { label: 'Credit notes', icon: 'creditNotes', to: (paths) => paths.creditNotes },
  { label: 'Credits', icon: 'credits', to: (paths) => paths.allCredits },
  { label: 'Alerts', icon: 'alerts', to: (paths) => paths.alerts },
  { label: 'Webhooks', icon: 'webhooks', to: (paths) => paths.webhooks },
  { label: 'Stripe sync', icon: 'sync', to: (paths) => paths.stripeSync },
]

/** What services let through, in the order in which one meets it: what is seen, then what is to hold. */
export const CONTROL_PLACES: readonly Place[] = [
  { label: 'Endpoints', icon: 'endpoints', to: (paths) => paths.endpoints },
  { label: 'Applications', icon: 'applications', to: (paths) => paths.applications },
  { label: 'Policies', icon: 'policies', to: (paths) => paths.policies },
  { label: 'Strategies', icon: 'strategies', to: (paths) => paths.strategies },
  { label: 'Block list', icon: 'blocks', to: (paths) => paths.blocks },
]

/** What concerns the organization and those who work in it. */
export const ORGANIZATION_PLACES: readonly Place[] = [
  { label: 'Team', icon: 'team', to: (paths) => paths.team },
  { label: 'API keys', icon: 'keys', to: (paths) => paths.keys },
  { label: 'Audit', icon: 'audit', to: (paths) => paths.audit },
  { label: 'Settings', icon: 'settings', to: (paths) => paths.settings },
]

export const ALL_PLACES: readonly Place[] = [...PLACES, ...CONTROL_PLACES, ...ORGANIZATION_PLACES]

/** Things that are made, each with where. */
export const MAKERS: readonly Place[] = [
  { label: 'New meter', icon: 'plus', to: (paths) => paths.newMeter },
  { label: 'New plan', icon: 'plus', to: (paths) => paths.newPlan },
  { label: 'New customer', icon: 'plus', to: (paths) => paths.newCustomer },
  { label: 'New subscription', icon: 'plus', to: (paths) => paths.newSubscription },
  { label: 'New policy', icon: 'plus', to: (paths) => paths.newPolicy },
]

const BY_PREFIX: readonly (readonly [
  prefix: string,
  label: string,
  to: (paths: EnvironmentPaths, id: string) => string,
])[] = [
  ['inv_', 'invoice', (paths, id) => paths.invoice(id)],
  ['sub_', 'subscription', (paths, id) => paths.subscription(id)],
  ['evt_', 'event', (paths, id) => paths.event(id)],
  ['whd_', 'delivery', (paths, id) => paths.delivery(id)],
  ['ep_', 'endpoint', (paths, id) => paths.endpoint(id)],
  ['pol_', 'policy', (paths, id) => paths.policy(id)],
  ['we_', 'webhook endpoint', (paths, id) => paths.webhook(id)],
]

/** Where a pasted text leads: an id says by itself what it is, anything else may be a customer. */
export function placeOfText(
  text: string,
  paths: EnvironmentPaths,
): { readonly label: string; readonly to: string } | null {
  const id = text.trim()
  if (id === '') return null
  const [, label, to] = BY_PREFIX.find(([prefix]) => id.startsWith(prefix)) ?? []
  if (label && to) return { label: `Open ${label} ${id}`, to: to(paths, id) }
  return { label: `Open customer “${id}”`, to: paths.customer(id) }
}
