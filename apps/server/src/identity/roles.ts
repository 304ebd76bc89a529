import {
  ORGANIZATION_PERMISSIONS,
  type OrganizationPermission,
  SCOPES,
  type Scope,
} from '../platform/http/caller.ts'

/** What a member may be, the mightiest first. */
export const ROLES = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const

export type Role = (typeof ROLES)[number]

export type Permission = Scope | OrganizationPermission

const READING: readonly Permission[] = [
  'usage:read',
  'catalog:read',
  'customers:read',
  'billing:read',
  'webhooks:read',
  'control:read',
  'organization:read',
  'members:read',
]

/** Builds and runs the integration; what customers are charged is not theirs to change. */
const DEVELOPING: readonly Permission[] = [
  'usage:write',
  'catalog:write',
  'customers:write',
  'webhooks:write',
  'control:write',
  'control:report',
  'clock:write',
  'keys:read',
  'keys:write',
]

/** Whoever chooses the issuer can become any member whose address is of its domains, an OWNER as well. */
const OWNING: readonly Permission[] = ['organization:own', 'sign_on:write']

const EVERYTHING: readonly Permission[] = [...SCOPES, ...ORGANIZATION_PERMISSIONS]

/** Who may do what: the one table of it. Routes, the answer about a session and the documents read it. */
export const PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  OWNER: new Set(EVERYTHING),
  ADMIN: new Set(EVERYTHING.filter((one) => !OWNING.includes(one))),
  DEVELOPER: new Set([...READING, ...DEVELOPING]),
  VIEWER: new Set(READING),
}

/** The roles that may do it, the mightiest first. */
export function rolesWith(permission: Permission): Role[] {
  return ROLES.filter((role) => PERMISSIONS[role].has(permission))
}

/** The scopes that a member of this role has in every environment of the organization. */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return new Set(SCOPES.filter((scope) => PERMISSIONS[role].has(scope)))
}

/** Whether a member of this role may make somebody `other`, or take that from them: nobody lifts above themselves. */
export function mayGrant(role: Role, other: Role): boolean {
  return PERMISSIONS[role].has('members:write') && ROLES.indexOf(role) <= ROLES.indexOf(other)
}
