const BYTES_MAX = 1_024

/** What a log cannot show or a database not store. Line breaks and tabs stay. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu

/**
 * The beginning of a receiver's answer as text of at most 1 KiB of UTF-8: no control characters, no
 * marks that turn the direction of writing, and U+FFFD for bytes that are not UTF-8.
 */
export function replyExcerpt(bytes: Buffer): string {
  const text = decodeStart(bytes).replace(UNPRINTABLE, '')
  return decodeStart(Buffer.from(text)) // U+FFFD is longer than the byte it stands for
}

/** As many whole characters as fit. */
function decodeStart(bytes: Buffer): string {
  return new TextDecoder().decode(bytes.subarray(0, BYTES_MAX), { stream: true })
}
