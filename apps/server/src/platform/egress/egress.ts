import { isIP } from 'node:net'
import { createEgressGuard, type EgressGuard } from './egress-guard.ts'
import { createResolver, type ResolveHost } from './resolve-host.ts'

/** The way out: what is checked when an endpoint is saved and again at every connection. */
export type Egress = {
  readonly guard: EgressGuard
  readonly resolve: ResolveHost
  /** Whether any network that is not public is open to webhooks. */
  readonly allowsPrivate: boolean
}

/** A host that is no place for webhooks, or that cannot be found: nobody outside is told which. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused'
}

/** See `createEgressGuard` for `allowedNetworks`; `resolve` defaults to the name servers of the machine. */
export function createEgress(options: {
  readonly allowedNetworks: readonly string[]
  readonly resolve?: ResolveHost | undefined
}): Egress {
  const { allowedNetworks, resolve } = options
  const allowsPrivate = allowedNetworks.length > 0
  return {
    guard: createEgressGuard(allowedNetworks),
    resolve: resolve ?? createResolver({ readsHostsFile: allowsPrivate }),
    allowsPrivate,
  }
}

/**
 * The addresses of `hostname` to connect to. Throws EgressRefused when it has none, or when any of
 * them is not allowed: a host with one good and one bad address is only trying its luck.
 */
export async function checkedAddresses(
  egress: Egress,
  hostname: string,
  protocol: string,
): Promise<string[]> {
  const literal = literalAddress(hostname)
  const addresses = literal === null ? await egress.resolve(hostname) : [literal]
  const areAllowed = addresses.every((address) => egress.guard.allows(address, protocol))
  if (addresses.length === 0 || !areAllowed) throw new EgressRefused('this host is out of reach')
  return [...addresses]
}

/** The address that a host of a URL spells itself, without brackets; null for a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) === 0 ? null : bare
}
