import { buildConnector } from 'undici'
import { checkedAddresses, type Egress, literalAddress } from './egress.ts'

/**
 * A lookup alone is never asked about a host that is an address already, and a check of the host
 * alone says nothing about what a name means a moment later. So: both, at every connection.
 */
export function guardedConnector(
  egress: Egress,
  deadline: AbortSignal,
  timeoutMs: number,
): buildConnector.connector {
  return (options, callback) => {
    const { hostname, protocol } = options
    checkedAddresses(egress, hostname, protocol).then(
      (addresses) => {
        if (deadline.aborted) return callback(deadline.reason, null)
        const connect = buildConnector({
          timeout: timeoutMs,
          signal: deadline,
          maxCachedSessions: 0,
          ...(literalAddress(hostname) === null ? addressesOnly(addresses) : {}),
        })
        connect(options, callback)
      },
      (error) => callback(error, null),
    )
  }
}

/** Options of a socket that knows these addresses for its host and asks nobody else. */
function addressesOnly(addresses: readonly string[]) {
  const known = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return {
    autoSelectFamily: true, // takes them all, and the first that answers
    lookup: (
      _hostname: string,
      _options: unknown,
      callback: (error: null, found: { address: string; family: number }[]) => void,
    ) => callback(null, known),
  }
}
