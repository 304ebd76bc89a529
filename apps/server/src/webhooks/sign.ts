import { createHmac } from 'node:crypto'
import { randomBase64 } from '../platform/random.ts'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A secret that only one endpoint and we share. */
export function newSecret(): string {
  return PREFIX + randomBase64(SECRET_BYTES)
}

export type SignedMessage = {
  readonly id: string
  /** Seconds since 1970 of real time: receivers refuse what is older than five minutes. */
  readonly timestampSeconds: number
  /** To the byte as it is sent. */
  readonly body: string
}

/**
 * The headers of Standard Webhooks. With several secrets there are several signatures, so that the
 * receiver may know any one of them while a rotation is under way.
 */
export function signedHeaders(
  secrets: readonly string[],
  message: SignedMessage,
): Record<string, string> {
  const { id, timestampSeconds, body } = message
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    const content = `${id}.${timestampSeconds}.${body}`
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  }
}
