import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { databaseOfProduct, type FaultDatabase, startDatabase } from './database.ts'
import { type Target, targetAt } from './http-client.ts'
import { dataFolderOf, migrate, type ProcessSpec, type Product } from './product.ts'
import { type FaultProxy, startProxy } from './proxy.ts'
import { type SelfExit, type Supervised, supervise } from './supervisor.ts'

/** A whole installation to be hurt: PostgreSQL, the product's processes, and who watches them. */
export type Arena = {
  readonly folder: string
  readonly product: Product
  readonly database: FaultDatabase
  /** Between the product and PostgreSQL; null when nothing is. */
  readonly proxy: FaultProxy | null
  readonly servers: readonly Supervised[]
  readonly workers: readonly Supervised[]
  readonly targets: readonly Target[]
  readonly selfExits: readonly SelfExit[]
  /** Asks every process to end. Resolves to those that did not end well. */
  stopProcesses(): Promise<string[]>
  close(): Promise<void>
}

export type ArenaOptions = {
  readonly folder: string
  readonly program: string
  readonly servers: number
  readonly workers: number
  /** One process that does everything on a PostgreSQL of its own; `servers` and `workers` are ignored. */
  readonly isSingle: boolean
  readonly hasProxy: boolean
  /** More settings of the product. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts everything and waits until it is ready. When that fails, nothing is left running. */
export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { folder, program, isSingle } = options
  mkdirSync(path.join(folder, 'journals'), { recursive: true })
  const encryptionKey = randomBytes(32).toString('base64')
  const own = isSingle ? null : await startDatabase(path.join(folder, 'postgres'))
  const proxy = own && options.hasProxy ? await startProxy(own.port) : null
  const databaseUrl = own && withPort(own.url, proxy?.port ?? own.port)
  const { environment = {} } = options
  const product: Product = { program, folder, databaseUrl, encryptionKey, environment }
  const processes: Supervised[] = []
  const selfExits: SelfExit[] = []
  const close = async () => {
    await Promise.all(processes.map((each) => each.stop()))
    await proxy?.close()
    await own?.stop()
  }
  try {
    if (own) await migrate(product)
    for (const spec of await specsOf(options))
      processes.push(supervise(product, spec, (exit) => selfExits.push(exit)))
    await Promise.all(processes.map((each) => each.ready()))
    const database = own ?? (await databaseOfProduct(dataFolderOf(product)))
    return { folder, product, database, proxy, selfExits, ...rolesOf(processes), close }
  } catch (error) {
    await close()
    throw error
  }
}

function rolesOf(processes: readonly Supervised[]) {
  const servers = processes.filter(({ spec }) => spec.role !== 'worker')
  return {
    servers,
    workers: processes.filter(({ spec }) => spec.role === 'worker'),
    targets: servers.map(({ spec }) => targetAt(spec.name, spec.port)),
    async stopProcesses() {
      const ends = await Promise.all(
        processes.map(async (each) => [each.spec.name, await each.stop()] as const),
      )
      return ends.filter(([, how]) => how !== 'exit 0').map(([name, how]) => `${name}: ${how}`)
    },
  }
}

async function specsOf({ isSingle, servers, workers }: ArenaOptions): Promise<ProcessSpec[]> {
  if (isSingle) return [{ name: 'usageflow', role: 'start', port: await freePort() }]
  const specs: ProcessSpec[] = []
  for (let number = 1; number <= servers; number++)
    specs.push({ name: `api-${number}`, role: 'api', port: await freePort() })
  for (let number = 1; number <= workers; number++)
    specs.push({ name: `worker-${number}`, role: 'worker', port: await freePort() })
  return specs
}

function withPort(url: string, port: number): string {
  const other = new URL(url)
  other.port = String(port)
  return other.href
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
