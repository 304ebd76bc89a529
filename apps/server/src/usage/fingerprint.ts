import { hash } from 'node:crypto'
import { wordAt } from './event-key.ts'

/** 64 bits of the SHA-256 of what the client said: tells a repeat of a key from its reuse. */
export type Fingerprint = { readonly high: number; readonly low: number }

export function fingerprintOf(content: Buffer): Fingerprint {
  const digest = hash('sha256', content, 'binary')
  return { high: wordAt(digest, 0), low: wordAt(digest, 4) }
}

export function isSameContent(one: Fingerprint, other: Fingerprint): boolean {
  return one.high === other.high && one.low === other.low
}
