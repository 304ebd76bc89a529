import type { IncomingHttpHeaders } from 'node:http'
import type { PublicPlace } from './origins.ts'
import { tokenOf } from './session-token.ts'

/** A cookie which no script reads, and which comes along with requests of our own pages alone. */
export type StrictCookie = {
  /** The `Set-Cookie` that keeps `value`, of base64url or the like, for so long; 0: not at all. */
  set(value: string, lifeMs: number): string
  /** What the browser brings back; null: nothing. */
  read(headers: IncomingHttpHeaders): string | null
}

export function strictCookie(purpose: string, { isSecure }: PublicPlace): StrictCookie {
  const name = isSecure ? `__Host-uf-${purpose}` : `uf-${purpose}`
  const secure = isSecure ? '; Secure' : ''
  return {
    set: (value, lifeMs) =>
      `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${lifeMs / 1_000}${secure}`,
    read: ({ cookie }) => tokenOf(cookie, name) || null,
  }
}
