const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const V4_TAIL = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/

/**
 * Whose address it is, as far as an address tells: one of IPv4 itself, the /64 of IPv6 (a household has
 * 2^64 addresses, and would have as many limits), and `unknown` for what is none.
 */
export function networkOf(address: string): string {
  if (V4.test(address)) return address
  const groups = groupsOf(address.replace(/%.*$/s, ''))
  if (groups === null) return 'unknown'
  const [, , , , , mapped = 0, high = 0, low = 0] = groups
  if (groups.slice(0, 5).every((group) => group === 0) && mapped === 0xffff)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an address of IPv6, or `null`. */
function groupsOf(address: string): readonly number[] | null {
  const halves = withoutV4Tail(address).split('::')
  if (halves.length > 2) return null
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  return groups.map((group) => Number.parseInt(group, 16))
}

/** `::ffff:192.0.2.1` is written with two groups of four digits as well. */
function withoutV4Tail(address: string): string {
  const [, head, ...bytes] = V4_TAIL.exec(address) ?? []
  if (head === undefined || !V4.test(bytes.join('.'))) return address
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number)
  return `${head}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
