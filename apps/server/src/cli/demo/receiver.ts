import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

/** A fact that arrived by webhook, its signature verified. */
export type Received = { readonly type: string; readonly data: Readonly<Record<string, unknown>> }

export type Receiver = {
  readonly url: string
  /** From now on signatures are checked with this secret; whatever arrived before fails. */
  trust(secret: string): void
  /** Resolves with the first fact of the type. Rejects after `timeoutMs`. */
  waitFor(type: string, timeoutMs: number): Promise<Received>
  /** How many requests had a signature that did not verify. */
  forged(): number
  close(): Promise<void>
}

/** The program of a customer of the story: receives webhooks and believes only what is signed. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let secret: string | null = null
  let forged = 0
  let onReceived: () => void = () => {}

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const fact = verified(secret, Buffer.concat(chunks).toString('utf8'), request.headers)
      if (fact) received.push(fact)
      else forged += 1
      response.writeHead(fact ? 204 : 401).end()
      onReceived()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port')

  const waitFor = async (type: string, timeoutMs: number): Promise<Received> => {
    const giveUpAtMs = performance.now() + timeoutMs
    for (;;) {
      const found = received.find((fact) => fact.type === type)
      if (found) return found
      const leftMs = giveUpAtMs - performance.now()
      if (leftMs <= 0)
        throw new Error(`the webhook ${type} did not arrive within ${timeoutMs / 1_000} s`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        onReceived = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  return {
    url: `http://127.0.0.1:${address.port}/webhooks`,
    trust: (text) => {
      secret = text
    },
    waitFor,
    forged: () => forged,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The fact, or null when the signature is not that of the endpoint's secret. */
function verified(
  secret: string | null,
  body: string,
  headers: NodeJS.Dict<string | string[]>,
): Received | null {
  if (secret === null) return null
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Received
  } catch {
    return null
  }
}
