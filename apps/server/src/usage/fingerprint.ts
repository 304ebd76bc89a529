import { hash } from 'node:crypto'
import type { SentEvent } from './event.ts'
import { wordAt } from './event-key.ts'
import { writeCanonical } from './metadata.ts'
import { RowWriter } from './row-writer.ts'

/** 64 bits of the SHA-256 of what the client said: tells a repeat of a key from its reuse. */
export type Fingerprint = { readonly high: number; readonly low: number }

const BYTES_AT_FIRST = 4 * 1024
const content = new RowWriter(BYTES_AT_FIRST)

/**
 * Equal for two events that say the same, however they are written: order of keys, `1` or `"1.0"`,
 * zone of the timestamp, defaults spelled out. What the server adds is not in it, nor is the import:
 * a file sent again through another import is a repeat.
 */
export function fingerprintOf(sent: SentEvent): Fingerprint {
  content.reset()
  content.text(sent.name)
  content.text(sent.customerId)
  content.text(sent.amount)
  if (sent.timestampUs === null) content.missing()
  else content.int8(sent.timestampUs)
  content.int8(sent.sequence)
  if (sent.metadata === null) content.missing()
  else writeCanonical(content, sent.metadata)
  const digest = hash('sha256', content.written(), 'binary')
  return { high: wordAt(digest, 0), low: wordAt(digest, 4) }
}

export function isSameContent(one: Fingerprint, other: Fingerprint): boolean {
  return one.high === other.high && one.low === other.low
}
