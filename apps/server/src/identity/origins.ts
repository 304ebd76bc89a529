import type { Credentials } from '../platform/http/caller.ts'
import { failures } from './session-failures.ts'

/** Where people reach this installation. */
export type PublicPlace = {
  readonly origin: string
  /** Every origin from which its own pages may call. */
  readonly origins: readonly string[]
  /** Whether cookies go over https alone. */
  readonly isSecure: boolean
  /** Whether it listens to this machine alone: somebody tries it out. */
  readonly isLoopback: boolean
}

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]']
const EVERYWHERE = ['0.0.0.0', '[::]'] // listens everywhere, but nobody has said by which name it is reached

/** Throws RangeError for what is no http or https address, and for plain http beyond this machine. */
export function publicPlace(url: string): PublicPlace {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new RangeError('give http or https')
  const isLoopback = LOOPBACK_HOSTS.includes(hostname)
  const isNameless = EVERYWHERE.includes(hostname)
  const names = isLoopback || isNameless ? LOOPBACK_HOSTS : [hostname]
  const origins = names.map((name) => `${protocol}//${name}${port && `:${port}`}`)
  const own = isNameless ? 'localhost' : hostname
  const origin = `${protocol}//${own}${port && `:${port}`}`
  return { origin, origins, isSecure: protocol === 'https:', isLoopback }
}

/** Whether somebody on this machine asks: by one of its own names, which no proxy and no page of elsewhere uses. */
export function isAskedHere({ host }: Credentials['headers'], place: PublicPlace): boolean {
  return place.isLoopback && place.origins.some((origin) => new URL(origin).host === host)
}

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD'])

/**
 * A cookie comes along with requests of other sites too, so whatever comes with one must say that a page
 * of ours sent it. Browsers send `Origin` with everything that can change something. Throws `auth.origin_refused`.
 */
export function assertOwnOrigin({ headers, method }: Credentials, place: PublicPlace): void {
  const { origin, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw failures.originRefused()
  if (origin === undefined && SAFE_METHODS.has(method)) return
  if (origin === undefined || !place.origins.includes(origin)) throw failures.originRefused()
}
