import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { base62 } from '../platform/random.ts'

/** The two environments of an organization. */
export type Mode = 'live' | 'test'

export const SECRET_LENGTH = 32 // base62 characters: 190 bits
const CHECKSUM_LENGTH = 6
const SHAPE = /^uf_(live|test)_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/

/** Puts a key together: `uf_live_`, 32 random characters, and a checksum that catches typos. */
export function apiKeyText(mode: Mode, secret: string): string {
  const body = `uf_${mode}_${secret}`
  return body + checksum(body)
}

/** The mode of a key whose checksum is right, or null: then no database need be asked. */
export function modeOfKey(text: string): Mode | null {
  const match = SHAPE.exec(text)
  if (!match) return null
  const body = text.slice(0, -CHECKSUM_LENGTH)
  return checksum(body) === match[3] ? (match[1] as Mode) : null
}

/** What is stored of a key. A fast hash is enough: 190 random bits cannot be guessed from it. */
export function hashOfKey(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/** What may be shown of a key for ever: its prefix and last four characters. */
export function shownParts(text: string): { readonly prefix: string; readonly lastFour: string } {
  return { prefix: text.slice(0, 12), lastFour: text.slice(-4) }
}

function checksum(body: string): string {
  return base62(crc32(body), CHECKSUM_LENGTH)
}
