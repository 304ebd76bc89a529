import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Everything this harness knows about starting UsageFlow: its program, its roles, its settings. The
 * rest talks to it over HTTP and to PostgreSQL in plain SQL.
 */
export type Product = {
  /** The program to run; a broken copy of it when a defect is tried. */
  readonly program: string
  readonly folder: string
  /** Null: the program brings its own PostgreSQL, in `<folder>/data`. */
  readonly databaseUrl: string | null
  readonly encryptionKey: string
  /** More settings. */
  readonly environment?: Readonly<Record<string, string>>
}

export type Role = 'start' | 'api' | 'worker'

/** A process to be: what it is called, what it does, and the port at which it answers. */
export type ProcessSpec = {
  readonly name: string
  readonly role: Role
  /** Of the API; for a worker that of `/metrics`, the only one it has. */
  readonly port: number
}

/** The program as `npm run build` leaves it. */
export const PROGRAM = fileURLToPath(
  new URL('../../apps/server/bin/usageflow.mjs', import.meta.url),
)

/** Starts one process. Its log goes to a file, which later starts go on writing. */
export function startProcess(product: Product, spec: ProcessSpec): ChildProcess {
  const logs = path.join(product.folder, 'logs')
  mkdirSync(logs, { recursive: true })
  const log = openSync(path.join(logs, `${spec.name}.log`), 'a')
  const child = spawn(process.execPath, ['--enable-source-maps', product.program, spec.role], {
    cwd: product.folder,
    env: environmentOf(product, spec),
    stdio: ['ignore', log, log],
  })
  return child
}

function environmentOf(product: Product, spec?: ProcessSpec): NodeJS.ProcessEnv {
  const isWorker = spec?.role === 'worker'
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...(product.databaseUrl === null ? {} : { DATABASE_URL: product.databaseUrl }),
    USAGEFLOW_DATA: dataFolderOf(product),
    USAGEFLOW_ENCRYPTION_KEY: product.encryptionKey,
    USAGEFLOW_WEBHOOK_NETWORKS: '127.0.0.1/32', // where the receiver of this harness listens
    USAGEFLOW_LOG_LEVEL: 'info',
    ...product.environment,
    ...(spec && !isWorker ? { USAGEFLOW_PORT: String(spec.port) } : {}),
    USAGEFLOW_METRICS_PORT: isWorker ? String(spec.port) : 'off',
  }
}

export function dataFolderOf(product: Pick<Product, 'folder'>): string {
  return path.join(product.folder, 'data')
}

/** Whether the process does its work: the API says so itself, a worker by showing its metrics. */
export async function isReady(spec: ProcessSpec): Promise<boolean> {
  const address = `http://127.0.0.1:${spec.port}${spec.role === 'worker' ? '/metrics' : '/ready'}`
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(1_000) })
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}

/** Brings the database up to date, as an operator does before the first start. */
export async function migrate(product: Product): Promise<void> {
  await commandLine(product, ['migrate'])
}

export type Organization = { readonly id: string; readonly name: string }

/** Makes an organization by the command line. The clock of its test environment starts at `testClock`. */
export async function createOrganization(
  product: Product,
  name: string,
  testClock: string,
): Promise<Organization> {
  const args = ['org', 'create', name, '--test-clock', testClock, '--json']
  const { id } = (await commandLine(product, args)) as { id: string }
  return { id, name }
}

export type ApiKey = { readonly id: string; readonly key: string }

/** Makes an API key with every scope by the command line. */
export async function createKey(
  product: Product,
  organization: Organization,
  mode: 'live' | 'test',
): Promise<ApiKey> {
  const args = ['key', 'create', organization.id, '--mode', mode, '--json']
  return (await commandLine(product, args)) as ApiKey
}

export async function revokeKey(
  product: Product,
  organization: Organization,
  key: ApiKey,
): Promise<void> {
  await commandLine(product, ['key', 'revoke', organization.id, key.id, '--json'])
}

async function commandLine(product: Product, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [product.program, ...args], {
    cwd: product.folder,
    env: environmentOf(product),
  })
  const line = stdout.trim().split('\n').at(-1) ?? ''
  return line.startsWith('{') || line.startsWith('[') ? JSON.parse(line) : null
}

/** How often a worker found that its work had been taken over, by its own account. */
export function takeovers({ folder }: Product): number {
  const logs = path.join(folder, 'logs')
  return readdirSync(logs)
    .map((file) => readFileSync(path.join(logs, file), 'utf8'))
    .reduce((sum, text) => sum + text.split('another worker has taken over').length - 1, 0)
}
