import { hash } from 'node:crypto'
import type { SentEvent } from './event.ts'
import { wordAt } from './event-key.ts'
import { type Metadata, writeJson } from './metadata.ts'
import { RowWriter } from './row-writer.ts'

/** 64 bits of the SHA-256 of what the client said: tells a repeat of a key from its reuse. */
export type Fingerprint = { readonly high: number; readonly low: number }

/** What was said, and what of it is stored as text. */
export type Said = {
  readonly fingerprint: Fingerprint
  /** The metadata as JSON, with its keys in order. */
  readonly metadata: string | null
}

const BYTES_AT_FIRST = 4 * 1024
const content = new RowWriter(BYTES_AT_FIRST)

/**
 * The fingerprint is equal for two events that say the same, however they are written: order of keys,
 * `1` or `"1.0"`, zone of the timestamp, defaults spelled out. What the server adds is not in it, nor is
 * the import: a file sent again through another import is a repeat.
 */
export function readContent(sent: SentEvent): Said {
  content.reset()
  content.text(sent.name)
  content.text(sent.customerId)
  content.text(sent.amount)
  if (sent.timestampUs === null) content.missing()
  else content.int8(sent.timestampUs)
  content.int8(sent.sequence)
  const metadata = sent.metadata === null ? null : jsonOf(sent.metadata)
  const digest = hash('sha256', content.written(), 'binary')
  return { fingerprint: { high: wordAt(digest, 0), low: wordAt(digest, 4) }, metadata }
}

/** Leaves it in `content` as well, at the end, where it needs no length. */
function jsonOf(metadata: Metadata): string {
  const start = content.position()
  writeJson(content, metadata)
  return content.textSince(start)
}

export function isSameContent(one: Fingerprint, other: Fingerprint): boolean {
  return one.high === other.high && one.low === other.low
}
