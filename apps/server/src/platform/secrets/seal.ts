import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps secrets that must be read back. The key never enters the database. */
export type Sealer = {
  /** `context` says what the secret belongs to; it can be opened only under the same one. */
  seal(secret: string, context: string): Buffer
  /** Throws when the bytes were changed, or were sealed under another key or context. */
  open(sealed: Buffer, context: string): string
  /** How everything begins that is sealed now: what begins in another way is under an earlier key. */
  readonly mark: Buffer
}

/** The first one seals. The others open what was sealed before the first one was. */
export type EncryptionKeys = readonly [Buffer, ...Buffer[]]

const KEY_BYTES = 32
const KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** First byte, so that another cipher can follow one day. */
const WITHOUT_KEY_ID = 1
const WITH_KEY_ID = 2

/** Seals with AES-256-GCM under the first of these 32-byte keys, and opens what any of them has sealed. */
export function createSealer(...keys: EncryptionKeys): Sealer {
  for (const { length } of keys)
    if (length !== KEY_BYTES)
      throw new RangeError(`the encryption key has ${length} bytes and must have ${KEY_BYTES}`)
  const [key] = keys
  const mark = Buffer.concat([Buffer.of(WITH_KEY_ID), keyId(key)])
  const keyById = new Map(keys.map((each) => [keyId(each).toString('hex'), each]))
  return {
    mark,
    seal(secret, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([mark, nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed, context) {
      if (sealed[0] === WITHOUT_KEY_ID) return openWithAny(keys, sealed.subarray(1), context)
      if (sealed[0] !== WITH_KEY_ID)
        throw new Error(`a secret of ${context} is sealed in an unknown format`)
      const found = keyById.get(sealed.subarray(1, mark.length).toString('hex'))
      if (!found) throw new Error(`a secret of ${context} is sealed under a key that is not given`)
      return opened(found, sealed.subarray(mark.length), context)
    },
  }
}

function opened(key: Buffer, sealed: Buffer, context: string): string {
  const textAt = NONCE_BYTES + TAG_BYTES
  const opener = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
  opener.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(NONCE_BYTES, textAt))
  return Buffer.concat([opener.update(sealed.subarray(textAt)), opener.final()]).toString('utf8')
}

function openWithAny(keys: readonly Buffer[], sealed: Buffer, context: string): string {
  for (const [n, key] of keys.entries()) {
    try {
      return opened(key, sealed, context)
    } catch (error) {
      if (n === keys.length - 1) throw error
    }
  }
  throw new RangeError('there is no key')
}

/** Which key it is; says nothing about what it is. */
function keyId(key: Buffer): Buffer {
  return derived(key, 'usageflow key id').subarray(0, KEY_ID_BYTES)
}

function derived(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES))
}

/** Reads keys of 32 bytes in base64 or hex, apart by commas or line breaks. Throws RangeError for anything else. */
export function parseEncryptionKeys(text: string): EncryptionKeys {
  const [first, ...others] = text
    .trim()
    .split(/[\s,]+/)
    .map(parseEncryptionKey)
  const all = [first, ...others].map((key) => key?.toString('hex'))
  if (!first || new Set(all).size < all.length)
    throw new RangeError('USAGEFLOW_ENCRYPTION_KEY has the same key twice')
  return [first, ...others]
}

function parseEncryptionKey(text: string): Buffer {
  if (HEX.test(text)) return Buffer.from(text, 'hex')
  if (BASE64.test(text)) return Buffer.from(text, 'base64')
  throw new RangeError(
    'USAGEFLOW_ENCRYPTION_KEY must be 32 bytes, in base64 or hex; of several keys, apart by commas, the first one seals',
  )
}

const HEX = /^[0-9a-f]{64}$/i
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/ // Node would read on past whatever is none

/** Made from a key: another secret than the key itself. */
export type SessionSecret = { readonly version: number; readonly value: string }

export type SessionSecrets = readonly [SessionSecret, ...SessionSecret[]]

/** What signs the cookies of sessions and seals second factors; the first is used, the others are known. */
export function sessionSecretsOf(keys: EncryptionKeys): SessionSecrets {
  const [first, ...others] = keys
  return [sessionSecretOf(first), ...others.map(sessionSecretOf)]
}

function sessionSecretOf(key: Buffer): SessionSecret {
  return {
    version: keyId(key).readUInt32BE(),
    value: derived(key, 'usageflow sessions').toString('base64'),
  }
}

export function newEncryptionKey(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}
