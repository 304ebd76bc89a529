import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type UnsteadyServer = {
  readonly url: string
  /** How many answers to measured usage never reached who had asked. */
  lost(): number
}

const USAGE = '/api/v1/control/usage'
/** Of one connection, or of a body that is no longer as it was sent. */
const DROPPED = /^(host|connection|keep-alive|content-length|content-encoding|transfer-encoding)$/

/**
 * Stands before a server until the test has ended. Of three calls with usage the first is taken in and its answer
 * lost, the second is answered 503 and not taken in.
 */
export async function startUnsteadyServer(server: string): Promise<UnsteadyServer> {
  let calls = 0
  let lost = 0
  const proxy = createServer(async (request, response) => {
    const turn = request.url === USAGE ? calls++ % 3 : 2
    if (turn === 1) return refuse(request, response)
    const answer = await passedOn(request, server).catch(() => null)
    if (turn === 0 && answer !== null) lost += 1
    if (turn === 0 || answer === null) return response.destroy()
    const headers = [...answer.headers].filter(([name]) => !DROPPED.test(name))
    response.writeHead(answer.status, Object.fromEntries(headers))
    return response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const { port } = proxy.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, lost: () => lost }
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  response.writeHead(503).end()
}

async function passedOn(request: IncomingMessage, server: string): Promise<Response> {
  const { method = 'GET', headers, url = '/' } = request
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return fetch(new URL(url, server), {
    method,
    headers: Object.entries(headers).flatMap(([name, value]) =>
      DROPPED.test(name) ? [] : [[name, String(value)] as [string, string]],
    ),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  })
}
