import { isIP } from 'node:net'
import path from 'node:path'
import { z } from 'zod'
import { publicPlace } from './identity/origins.ts'

/**
 * Everything that can be set, read once from the environment. Flags of the command line win over it.
 * This is the only reader of `process.env`.
 */
export type Config = {
  /** Where the embedded PostgreSQL and the encryption key live. */
  readonly dataFolder: string
  /** Any PostgreSQL from 15 on; null: the embedded one. */
  readonly databaseUrl: string | null
  readonly host: string
  readonly port: number
  /** Port of `/metrics`, on the same host; null: none. */
  readonly metricsPort: number | null
  /** Port of the embedded PostgreSQL; 0: any that is free. */
  readonly postgresPort: number
  /** Memory of the embedded PostgreSQL for its pages, like `1GB`; null: what suits a laptop. */
  readonly postgresSharedBuffers: string | null
  /** 32 bytes in base64 or hex; null: made on the first start and kept in the data folder. */
  readonly encryptionKey: string | null
  /** Networks (CIDR) that webhooks and sign-on may reach although they are not public. */
  readonly webhookNetworks: readonly string[]
  /** Addresses and networks (CIDR) of proxies that are believed when they say whom a request comes from. */
  readonly trustedProxies: readonly string[]
  /** Where people reach the server, like `https://usageflow.example.com`; null: where it listens. */
  readonly publicUrl: string | null
  /** Whether strangers may make accounts. */
  readonly signUp: 'open' | 'closed'
  /** How long a deleted organization can be restored. */
  readonly deletionGraceDays: number
  /** Null: messages to people are shown in the log. */
  readonly mailServer: { readonly url: string; readonly from: string } | null
  /** What stands for Stripe in tests, on this machine; null: Stripe itself. */
  readonly stripeUrl: string | null
  readonly logLevel: string
}

/** A setting that cannot be used; the message names it and says what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const PORT_DEFAULT = 4400

const port = z.coerce.number().int().min(0).max(65_535)

const PUBLIC_URL_TAKES =
  'is an https address, or http on this machine: over plain http anybody on the way could take a session'

function isPublicUrl(text: string): boolean {
  try {
    const { isSecure, isLoopback } = publicPlace(text)
    return isSecure || isLoopback
  } catch {
    return false
  }
}

/** Secrets of Stripe are sent there: to this machine, and to nowhere else but Stripe. */
function isLoopbackUrl(text: string): boolean {
  try {
    return publicPlace(text).isLoopback
  } catch {
    return false
  }
}

const listed = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

/** An address, or a network as an address and the bits that count. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const bitsMax = isIP(address) === 6 ? 128 : 32
  const isSize = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax)
  return isIP(address) !== 0 && isSize && more.length === 0
}

const settings = z.object({
  USAGEFLOW_DATA: z.string().min(1).default('.usageflow'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'starts with postgres://')
    .optional(),
  USAGEFLOW_HOST: z.string().min(1).default('127.0.0.1'),
  USAGEFLOW_PORT: port.default(PORT_DEFAULT),
  USAGEFLOW_METRICS_PORT: z.union([z.literal('off'), port]).default(PORT_DEFAULT + 1),
  USAGEFLOW_POSTGRES_PORT: port.default(0),
  USAGEFLOW_POSTGRES_SHARED_BUFFERS: z
    .string()
    .regex(/^\d+(kB|MB|GB)$/, 'is a number and kB, MB or GB, like 1GB')
    .optional(),
  USAGEFLOW_ENCRYPTION_KEY: z.string().min(1).optional(),
  USAGEFLOW_WEBHOOK_NETWORKS: listed.default([]),
  USAGEFLOW_TRUSTED_PROXIES: listed
    .refine(
      (all) => all.every(isNetwork),
      'takes addresses and networks, comma-separated, like 10.0.0.0/8',
    )
    .default([]),
  USAGEFLOW_URL: z.string().refine(isPublicUrl, PUBLIC_URL_TAKES).optional(),
  USAGEFLOW_SIGN_UP: z.enum(['open', 'closed']).default('closed'),
  USAGEFLOW_DELETION_GRACE_DAYS: z.coerce.number().int().min(0).max(366).default(30),
  USAGEFLOW_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'starts with smtp:// or smtps://')
    .optional(),
  USAGEFLOW_MAIL_FROM: z.string().min(3).default('UsageFlow <usageflow@localhost>'),
  USAGEFLOW_STRIPE_URL: z
    .string()
    .refine(isLoopbackUrl, 'stands for Stripe in tests, and is an address of this machine')
    .optional(),
  USAGEFLOW_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** Reads the settings; `flags` of the command line win over the environment. Throws ConfigError. */
export function readConfig(flags: Readonly<Record<string, string | undefined>> = {}): Config {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined)
  const inherited = Object.entries(process.env).filter(([, value]) => value !== '')
  const present = Object.fromEntries([...inherited, ...given])
  const parsed = settings.safeParse(present)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`)
  }
  const values = parsed.data
  const metricsPort = values.USAGEFLOW_METRICS_PORT
  return {
    dataFolder: path.resolve(values.USAGEFLOW_DATA),
    databaseUrl: values.DATABASE_URL ?? null,
    host: values.USAGEFLOW_HOST,
    port: values.USAGEFLOW_PORT,
    metricsPort: metricsPort === 'off' ? null : metricsPort,
    postgresPort: values.USAGEFLOW_POSTGRES_PORT,
    postgresSharedBuffers: values.USAGEFLOW_POSTGRES_SHARED_BUFFERS ?? null,
    encryptionKey: values.USAGEFLOW_ENCRYPTION_KEY ?? null,
    webhookNetworks: values.USAGEFLOW_WEBHOOK_NETWORKS,
    trustedProxies: values.USAGEFLOW_TRUSTED_PROXIES,
    publicUrl: values.USAGEFLOW_URL ?? null,
    signUp: values.USAGEFLOW_SIGN_UP,
    deletionGraceDays: values.USAGEFLOW_DELETION_GRACE_DAYS,
    mailServer: values.USAGEFLOW_SMTP_URL
      ? { url: values.USAGEFLOW_SMTP_URL, from: values.USAGEFLOW_MAIL_FROM }
      : null,
    stripeUrl: values.USAGEFLOW_STRIPE_URL ?? null,
    logLevel: values.USAGEFLOW_LOG_LEVEL,
  }
}
