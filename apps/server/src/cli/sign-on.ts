import type { Config } from '../config.ts'
import { findOrganization } from '../identity/create-organization.ts'
import { allowDomain, forbidDomain } from '../sign-on/set-up.ts'
import { noteOperator } from './note-operator.ts'
import { say, sayJson } from './print.ts'
import { withDatabase } from './with-database.ts'

type Named = { readonly org: string; readonly domain: string }
type Flags = { readonly json?: boolean }

export async function allowSignOnDomain(
  config: Config,
  { org, domain: text }: Named,
  flags: Flags,
): Promise<void> {
  const domain = await withDatabase(config, async (tx, at) => {
    const { id: organizationId } = await findOrganization(tx, org)
    const allowed = await allowDomain(tx, organizationId, text, at)
    const change = { organizationId, target: allowed, sent: { domain: allowed }, at }
    await noteOperator(tx, { ...change, action: 'usageflow sign-on allow-domain' })
    return allowed
  })
  if (flags.json) return sayJson({ domain, allowed: true })
  say(`The issuer of ${org} now speaks for everybody with an address of ${domain}.`)
}

export async function forbidSignOnDomain(
  config: Config,
  { org, domain: text }: Named,
  flags: Flags,
): Promise<void> {
  const domain = await withDatabase(config, async (tx, at) => {
    const { id: organizationId } = await findOrganization(tx, org)
    const forbidden = await forbidDomain(tx, organizationId, text)
    const change = { organizationId, target: forbidden, sent: { domain: forbidden }, at }
    await noteOperator(tx, { ...change, action: 'usageflow sign-on forbid-domain' })
    return forbidden
  })
  if (flags.json) return sayJson({ domain, allowed: false })
  say(`Nobody with an address of ${domain} signs on to ${org} any more.`)
}
