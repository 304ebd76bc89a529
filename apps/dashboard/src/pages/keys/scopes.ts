import type { paths } from '../../api/schema.gen.ts'

type MakeKey = paths['/api/v1/organizations/{organizationId}/keys']['post']

export type Scope = MakeKey['requestBody']['content']['application/json']['scopes'][number]

/** What each scope lets a key do. */
const MAY: Readonly<Record<Scope, string>> = {
  'usage:write': 'Send usage events',
  'usage:read': 'Read usage and events',
  'catalog:read': 'Read meters and plans',
  'catalog:write': 'Change meters and plans',
  'customers:read': 'Read customers',
  'customers:write': 'Change customers',
  'billing:read': 'Read subscriptions, invoices, credits',
  'billing:write': 'Change subscriptions, invoices, credits',
  'webhooks:read': 'Read webhooks and deliveries',
  'webhooks:write': 'Change webhooks',
  'control:read': 'Read policies, strategies and blocks',
  'control:write': 'Change policies, strategies and blocks',
  'control:report': 'Enforce policies in an application',
  'clock:write': 'Move the clock of the test environment',
}

export const SCOPES = Object.entries(MAY).map(([scope, may]) => ({ scope: scope as Scope, may }))

/** Scopes in as few words as they take: what all of them are need not be read one by one. */
export function scopesText(scopes: readonly string[]): string {
  if (SCOPES.every(({ scope }) => scopes.includes(scope))) return 'everything'
  return scopes.join(', ')
}
