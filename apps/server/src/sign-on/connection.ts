import { domainToASCII } from 'node:url'
import { z } from 'zod'
import type { SealedPlace } from '../platform/secrets/reseal.ts'

/** What somebody who signs on for the first time can become: an OWNER is made by an OWNER alone. */
export const NEW_MEMBER_ROLES = ['ADMIN', 'DEVELOPER', 'VIEWER'] as const

/** The issuer that an organization lets its members sign on with. */
export type Connection = {
  readonly organizationId: string
  readonly issuer: string
  readonly clientId: string
  readonly sealedSecret: Buffer
  readonly role: (typeof NEW_MEMBER_ROLES)[number]
  readonly enabled: boolean
  /** Whether members of its domains can sign in no other way. */
  readonly enforced: boolean
  readonly changedAt: Date
}

/** What the sealed secret of a connection belongs to. */
export function secretContext(organizationId: string): string {
  return `sign-on of ${organizationId}`
}

export const SEALED_CLIENT_SECRETS: SealedPlace = {
  ...{ what: 'secrets of sign-on', table: 'sign_on_connections', column: 'sealed_secret' },
  keys: ['organization_id'],
  context: (row) => secretContext(String(row.organization_id)),
}

const plainEmail = z.email().max(320)

/** The address in small letters and its domain; null for what is none, or not plain ASCII. */
export function readEmail(text: unknown): { email: string; domain: string } | null {
  const parsed = plainEmail.safeParse(text)
  if (!parsed.success) return null
  const email = parsed.data.toLowerCase()
  return { email, domain: email.slice(email.lastIndexOf('@') + 1) }
}

/** A domain in the one spelling in which it is stored; null for what is no domain of e-mail. */
export function readDomain(text: string): string | null {
  const domain = domainToASCII(text.trim()).replace(/\.$/, '')
  return readEmail(`someone@${domain}`)?.domain ?? null
}
