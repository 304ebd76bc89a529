import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps secrets that must be read back. The key never enters the database. */
export type Sealer = {
  /** `context` says what the secret belongs to; it can be opened only under the same one. */
  seal(secret: string, context: string): Buffer
  /** Throws when the bytes were changed, or were sealed under another key or context. */
  open(sealed: Buffer, context: string): string
}

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 1 // first byte, so that another cipher can follow one day

/** Seals with AES-256-GCM under a 32-byte key. */
export function createSealer(key: Buffer): Sealer {
  if (key.length !== KEY_BYTES)
    throw new RangeError(`the encryption key has ${key.length} bytes and must have ${KEY_BYTES}`)
  return {
    seal(secret, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed, context) {
      if (sealed[0] !== FORMAT)
        throw new Error(`a secret of ${context} is sealed in an unknown format`)
      const tagAt = 1 + NONCE_BYTES
      const textAt = tagAt + TAG_BYTES
      const opener = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, tagAt))
      opener.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(tagAt, textAt))
      return Buffer.concat([opener.update(sealed.subarray(textAt)), opener.final()]).toString(
        'utf8',
      )
    },
  }
}

/** Reads a key as 32 bytes of base64 or hex. Throws RangeError for anything else. */
export function parseEncryptionKey(text: string): Buffer {
  if (HEX.test(text)) return Buffer.from(text, 'hex')
  if (BASE64.test(text)) return Buffer.from(text, 'base64')
  throw new RangeError('USAGEFLOW_ENCRYPTION_KEY must be 32 bytes, in base64 or hex')
}

const HEX = /^[0-9a-f]{64}$/i
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/ // Node would read on past whatever is none

/** What signs the cookies of sessions: another secret than the key, made from it. */
export function sessionSecretOf(key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'usageflow sessions', KEY_BYTES)).toString(
    'base64',
  )
}

export function newEncryptionKey(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}
