import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Decides where webhooks may go, by the address alone. Names are nobody's proof of anything. */
export type EgressGuard = {
  /**
   * Whether a webhook may be sent to this address: by https to any public one, by https and http to
   * one in an allowed network. False for anything that is not the plain text of an address.
   */
  allows(address: string, protocol: string): boolean
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = readonly [base: Address, prefixBits: number]

/** What IANA keeps for special purposes, and one address that only looks public. */
const SPECIAL_IPV4 = networks([
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT, and the metadata of Alibaba Cloud
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure answers here from inside every virtual network
  '169.254.0.0/16', // link-local, and the metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments, and the metadata of Oracle Cloud
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // multicast tunnels
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
])

/** The only IPv6 space that is handed out to the public … */
const PUBLIC_IPV6 = networks(['2000::/3'])

/** … and what of it is not: each can lead to an IPv4 address of any kind, or nowhere. */
const SPECIAL_IPV6 = networks([
  '2001::/23', // Teredo, ORCHID and other protocol assignments
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
])

/**
 * `allowedNetworks` are CIDR blocks, like `10.1.0.0/16`, that a self-hoster opens to webhooks although
 * they are not public. Throws RangeError for text that is no such block.
 */
export function createEgressGuard(allowedNetworks: readonly string[]): EgressGuard {
  const allowed = networks(allowedNetworks)
  return {
    allows(text, protocol) {
      const address = parseAddress(text)
      if (!address) return false
      return isIn(allowed, address) || (protocol === 'https:' && isPublic(address))
    },
  }
}

/** Whether the address is unicast and reachable by everybody. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text)
  return address !== null && isPublic(address)
}

function isPublic(address: Address): boolean {
  if (address.kind() === 'ipv4') return !isIn(SPECIAL_IPV4, address)
  return isIn(PUBLIC_IPV6, address) && !isIn(SPECIAL_IPV6, address)
}

/** An IPv4 address in IPv6 clothes is taken for what it is. A zone only makes sense on a link of our own. */
function parseAddress(text: string): Address | null {
  if (isIP(text) === 0 || text.includes('%')) return null
  return ipaddr.process(text)
}

function isIn(blocks: readonly Network[], address: Address): boolean {
  return blocks.some(
    ([base, prefixBits]) => base.kind() === address.kind() && address.match(base, prefixBits),
  )
}

function networks(texts: readonly string[]): Network[] {
  return texts.map((text) => {
    const [base = '', prefix = '', ...more] = text.split('/')
    const bitsMax = isIP(base) === 6 ? 128 : 32
    const isBlock = isIP(base) !== 0 && /^\d{1,3}$/.test(prefix) && more.length === 0
    if (!isBlock || Number(prefix) > bitsMax)
      throw new RangeError(`"${text}" is not a network like 10.1.0.0/16 or fd00::/8`)
    return [ipaddr.parse(base), Number(prefix)]
  })
}
