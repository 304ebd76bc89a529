import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Two programs that are told by webhook. */
export type Receivers = {
  readonly bookkeeping: string
  readonly warehouse: string
  close(): Promise<void>
}

const FAILURES = 3 // before each of its deliveries of that night passes

/** One that always answers, and one that was out of order while `isDown` says so of a fact's time. */
export async function openReceivers(isDown: (at: Date) => boolean): Promise<Receivers> {
  const refused = new Map<string, number>()
  const bookkeeping = await open(() => 204)
  const warehouse = await open((id, body) => {
    const { timestamp } = JSON.parse(body) as { timestamp: string }
    const before = refused.get(id) ?? 0
    if (!isDown(new Date(timestamp)) || before >= FAILURES) return 200
    refused.set(id, before + 1)
    return 503
  })
  return {
    bookkeeping: addressOf(bookkeeping, '/usageflow'),
    warehouse: addressOf(warehouse, '/ingest'),
    async close() {
      await Promise.all([bookkeeping, warehouse].map(stop))
    },
  }
}

async function open(answer: (id: string, body: string) => number): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const status = answer(
        String(request.headers['webhook-id']),
        Buffer.concat(chunks).toString('utf8'),
      )
      response.writeHead(status).end(status === 503 ? 'down for maintenance' : undefined)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function addressOf(server: Server, path: string): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
