import { signOutBoundBy } from '../identity/sign-out-bound.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { deleteIdentities } from './attempts.store.ts'
import { type Connection, readDomain, secretContext } from './connection.ts'
import {
  deleteConnection,
  deleteDomain,
  insertDomain,
  selectConnection,
  selectDomains,
  upsertConnection,
} from './connections.store.ts'
import { failures } from './failures.ts'
import { boundMembers } from './must-sign-on.ts'

export type WantedConnection = Pick<
  Connection,
  'issuer' | 'clientId' | 'role' | 'enabled' | 'enforced'
> & {
  /** Left out: the one that is known, if it is for the same client of the same issuer. */
  readonly clientSecret?: string | undefined
}

/**
 * Makes or changes the connection of the organization. Whoever it binds from now on is signed out and
 * signs on again; for another client or issuer, all members are linked again when they do. Throws `sign_on.domain_missing` and `sign_on.secret_missing`.
 */
export async function saveConnection(
  tx: Tx,
  organizationId: string,
  wanted: WantedConnection,
  { sealer, systemNow }: { readonly sealer: Sealer; readonly systemNow: Date },
): Promise<Connection> {
  const before = await selectConnection(tx, organizationId)
  if (wanted.enabled && (await selectDomains(tx, organizationId)).length === 0)
    throw failures.domainMissing()
  const { clientSecret, ...rest } = wanted
  const sealedSecret =
    clientSecret === undefined
      ? secretKept(before, wanted)
      : sealer.seal(clientSecret, secretContext(organizationId))
  const connection = { ...rest, organizationId, sealedSecret, changedAt: systemNow }
  await signOutBoundBy(tx, organizationId, boundMembers, async () => {
    // An issuer may name people anew for every client: who is known by the old name would be refused.
    if (!isSameClient(before, wanted)) await deleteIdentities(tx, organizationId)
    await upsertConnection(tx, connection)
  })
  return connection
}

/** A secret goes to the server that it was given for, and to no other. */
function secretKept(before: Connection | null, wanted: WantedConnection): Buffer {
  if (!isSameClient(before, wanted)) throw failures.secretMissing()
  return before.sealedSecret
}

function isSameClient(before: Connection | null, wanted: WantedConnection): before is Connection {
  return before?.issuer === wanted.issuer && before.clientId === wanted.clientId
}

/** Throws `sign_on.connection_unknown`. */
export async function removeConnection(tx: Tx, organizationId: string): Promise<void> {
  if (!(await deleteConnection(tx, organizationId))) throw failures.connectionUnknown()
}

/**
 * Lets the organization speak for everybody with an address of the domain. May be repeated. Whoever is bound
 * by it is signed out. Returns the domain as it is stored. Throws `sign_on.domain_malformed` and `sign_on.domain_taken`.
 */
export async function allowDomain(
  tx: Tx,
  organizationId: string,
  text: string,
  systemNow: Date,
): Promise<string> {
  const domain = readDomain(text)
  if (domain === null) throw failures.domainMalformed(text)
  const owner = await signOutBoundBy(tx, organizationId, boundMembers, () =>
    insertDomain(tx, domain, { organizationId, allowedAt: systemNow }),
  )
  if (owner !== organizationId) throw failures.domainTaken(domain)
  return domain
}

/** Takes it back, at once. Throws `sign_on.domain_unknown`. */
export async function forbidDomain(tx: Tx, organizationId: string, text: string): Promise<string> {
  const domain = readDomain(text) ?? text
  if (!(await deleteDomain(tx, organizationId, domain))) throw failures.domainUnknown(domain)
  return domain
}
