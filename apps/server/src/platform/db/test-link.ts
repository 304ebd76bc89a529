import { connect, createServer, type Socket } from 'node:net'

/** A TCP link to a PostgreSQL that misbehaves on demand. For tests. */
export type TestLink = {
  /** The same database, through the link. */
  readonly url: string
  /** Cuts every connection. */
  cut(): void
  /** Keeps the present connections open and lets nothing through any more; new ones work. */
  silence(): void
  /** Carries what is sent from now on, but no answers, on the present connections. */
  muteAnswers(): void
  close(): Promise<void>
}

type Pair = { readonly client: Socket; readonly server: Socket; isDeaf: boolean; isMute: boolean }

export async function openTestLink(url: string): Promise<TestLink> {
  const target = new URL(url)
  const pairs = new Set<Pair>()
  const listener = createServer((client) => {
    const server = connect(Number(target.port), target.hostname)
    const pair: Pair = { client, server, isDeaf: false, isMute: false }
    pairs.add(pair)
    client.on('data', (bytes) => pair.isDeaf || server.write(bytes))
    server.on('data', (bytes) => pair.isMute || client.write(bytes))
    for (const socket of [client, server]) {
      socket.on('error', () => {}) // what the other side does is the point of the test
      socket.on('close', () => {
        pairs.delete(pair)
        client.destroy()
        server.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((listener.address() as { port: number }).port)
  const each = (change: (pair: Pair) => void) => () => [...pairs].forEach(change)
  const cut = each(({ client, server }) => {
    client.destroy()
    server.destroy()
  })
  return {
    url: through.href,
    cut,
    silence: each((pair) => {
      pair.isDeaf = true
      pair.isMute = true
    }),
    muteAnswers: each((pair) => {
      pair.isMute = true
    }),
    close: () => {
      cut()
      return new Promise((resolve) => listener.close(() => resolve()))
    },
  }
}
