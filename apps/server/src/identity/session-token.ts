import { hash } from 'node:crypto'

const PREFIX = 'sha256:'

/** What is stored of the token of a session: whoever reads the database can act as nobody. */
export function storedToken(token: string): string {
  return PREFIX + hash('sha256', token, 'base64url')
}

/** Whether it is what `storedToken` makes, and no token: no cookie holds a colon unescaped. */
export function isStoredToken(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** The name of the session's cookie: browsers take the first from this very host over https alone. */
export function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-uf' : 'uf'
}

/** The token in the `Cookie` header, without its signature; null when there is none. */
export function tokenOf(header: string | undefined, name: string): string | null {
  if (header === undefined) return null
  const pairs = header.split(';').map((pair) => pair.trim())
  const mine = pairs.filter((pair) => pair.startsWith(`${name}=`))
  const [first] = mine
  if (first === undefined || mine.length > 1) return first === undefined ? null : ''
  return first.slice(name.length + 1).split(/\.|%2E/i)[0] ?? ''
}

/** The same header, in which the token carries the signature that `sign` makes. */
export async function signedAnew(
  header: string,
  name: string,
  sign: (token: string) => Promise<string>,
): Promise<string> {
  const token = tokenOf(header, name)
  if (!token) return header
  const signed = `${name}=${encodeURIComponent(`${token}.${await sign(token)}`)}`
  const others = header.split(';').filter((pair) => !pair.trim().startsWith(`${name}=`))
  return [signed, ...others.map((pair) => pair.trim())].join('; ')
}
