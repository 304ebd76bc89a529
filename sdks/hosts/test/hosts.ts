import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { type ApiClient, apiClient } from '../../../apps/server/src/cli/api-client.ts'
import { type HostProcess, type Language, startHost } from '../../../tools/host-process.ts'
import { openAccount, type ServerProcess } from '../../../tools/server-process.ts'

/** A service of the folder `folder`, and what is different about it. */
export type Host = {
  readonly folder: string
  readonly language: Language
  readonly file: string
  readonly env?: Readonly<Record<string, string>>
  /** What a request is counted as whose client went before it was answered; null where a host does not learn of that. */
  readonly unanswered: '200' | '499' | null
}

const EXPRESS = { folder: 'express', language: 'node', file: 'host.mjs' } as const
const FASTIFY = { folder: 'fastify', language: 'node', file: 'host.mjs' } as const
const NESTJS = { folder: 'nestjs', language: 'node', file: 'host.mjs' } as const
const GIN = { folder: 'gin', language: 'go', file: 'main.go' } as const

export const HOSTS: Readonly<Record<string, Host>> = {
  Express: { ...EXPRESS, unanswered: '499' },
  Fastify: { ...FASTIFY, unanswered: '499' },
  'NestJS on Express': { ...NESTJS, unanswered: '499' },
  'NestJS on Fastify': { ...NESTJS, env: { HOST_ADAPTER: 'fastify' }, unanswered: '499' },
  FastAPI: { folder: 'fastapi', language: 'python', file: 'host.py', unanswered: '499' },
  Flask: { folder: 'flask', language: 'python', file: 'host.py', unanswered: null },
  Gin: { ...GIN, unanswered: '200' },
}

/** A router of the same framework that takes more for the same path. */
export const GENEROUS_HOSTS: Readonly<Record<string, Host>> = {
  'Fastify, generous': { ...FASTIFY, env: { HOST_ROUTER: 'generous' }, unanswered: '499' },
  'Gin, generous': { ...GIN, env: { HOST_ROUTER: 'generous' }, unanswered: '200' },
}

/** An organization of its own, asked as who sets it up. */
export type Account = { readonly api: ApiClient; readonly key: string }

export async function anAccount(server: ServerProcess, name: string): Promise<Account> {
  const { key } = await openAccount(server, name)
  return { api: apiClient(server.url, key), key }
}

/** Posts each in turn; throws with the answer to what is refused. */
export async function set(
  api: ApiClient,
  path: string,
  ...bodies: readonly object[]
): Promise<void> {
  for (const body of bodies) {
    const answer = await api.post(path, body)
    if (answer.status >= 300)
      throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
}

/** Starts the host, for the organization of the key, until the test has ended. */
export async function runHost(
  { folder, language, file, env }: Host,
  { serverUrl, key }: { readonly serverUrl: string; readonly key: string },
): Promise<HostProcess> {
  const place = mkdtempSync(path.join(tmpdir(), 'usageflow-host-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  cpSync(path.join(import.meta.dirname, '..', folder), place, { recursive: true })
  const told = {
    USAGEFLOW_URL: serverUrl,
    USAGEFLOW_API_KEY: key,
    USAGEFLOW_APPLICATION: 'models',
  }
  const host = await startHost({ language, folder: place, file, env: { ...env, ...told } })
  onTestFinished(() => host.stop())
  return host
}
