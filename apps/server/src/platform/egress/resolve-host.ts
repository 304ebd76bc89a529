import { lookup, Resolver } from 'node:dns/promises'
import { createGate } from '../gate.ts'

/** Every address of a host, IPv4 and IPv6; none when it has no address or nobody answers. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>

const QUERY_TIMEOUT_MS = 2_000 // doubled for the second try: 6 s at most
const QUERY_TRIES = 2
/** `lookup` holds one of the process's four threads for as long as a name server likes. */
const LOOKUPS_AT_ONCE = 2

/**
 * Asks the name servers directly, which no slow server of a stranger can turn into a standstill of
 * the process. With `readsHostsFile` also asks the operating system, for names that only this machine
 * or its network knows: of use only to those who allow private networks.
 */
export function createResolver(options: {
  readonly readsHostsFile: boolean
  /** Addresses of name servers; those of the machine unless given. */
  readonly nameServers?: readonly string[]
}): ResolveHost {
  const gate = createGate(LOOKUPS_AT_ONCE)
  const askSystem: ResolveHost = (hostname) =>
    gate(async () => {
      const found = await lookup(hostname, { all: true }).catch(() => [])
      return found.map(({ address }) => address)
    })
  return async (hostname) => {
    if (options.readsHostsFile && !hostname.includes('.')) return askSystem(hostname)
    const { addresses, isUnknown } = await askNameServers(hostname, options.nameServers)
    return isUnknown && options.readsHostsFile ? askSystem(hostname) : addresses
  }
}

async function askNameServers(
  hostname: string,
  nameServers: readonly string[] | undefined,
): Promise<{ addresses: readonly string[]; isUnknown: boolean }> {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES })
  if (nameServers) resolver.setServers(nameServers)
  const answers = await Promise.allSettled([
    resolver.resolve4(hostname),
    resolver.resolve6(hostname),
  ])
  return {
    addresses: answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
    isUnknown: answers.every((answer) => answer.status === 'rejected' && isUnknown(answer.reason)),
  }
}

function isUnknown(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === 'ENOTFOUND' || code === 'ENODATA'
}
