import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Stands before the real server: adds what it does not have to policies, and keeps what it is told. */
export type RecordingServer = {
  readonly url: string
  /** Everything that was sent as usage and as reports. */
  readonly usage: Record<string, unknown>[]
  readonly reports: Record<string, unknown>[]
  /** What each policy of the document meters from now on. */
  rules: readonly object[]
  /** Whether calls are left without an answer. */
  isSilent: boolean
}

export async function startRecordingServer(port: number): Promise<RecordingServer> {
  const recorded: RecordingServer = { url: '', usage: [], reports: [], rules: [], isSilent: false }
  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming).catch(() => null)
    if (body === null || recorded.isSilent) return
    const path = incoming.url?.replace(/^.*\/control\//, '') ?? ''
    const kept = keep(recorded, path, body)
    if (kept !== null) return void response.end(JSON.stringify(kept))
    const { status, etag, text } = await answerOf(port, incoming, body)
    const isDocument = path.startsWith('config') && status === 200
    response.writeHead(status, { 'content-type': 'application/json', ...(etag ? { etag } : {}) })
    response.end(isDocument ? withRules(text, recorded.rules) : text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return Object.assign(recorded, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}

/** The answer to what is only kept; null for anything else. */
function keep({ usage, reports }: RecordingServer, path: string, body: Buffer): object | null {
  if (path === 'reports') {
    reports.push(JSON.parse(body.toString()))
    return { status: 'recorded' }
  }
  if (path !== 'usage') return null
  const sent: Record<string, unknown>[] = JSON.parse(body.toString()).usage
  usage.push(...sent)
  return { results: sent.map(() => ({ status: 'recorded', eventId: 'evt_1' })) }
}

function withRules(text: string, rules: readonly object[]): string {
  const document = JSON.parse(text)
  for (const policy of document.policies) policy.metering = rules
  return JSON.stringify(document)
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  return Buffer.concat(parts)
}

/** What the real server says; an error of its own when the test is over, and with it the real server. */
function answerOf(port: number, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; etag?: string | undefined; text: string }>((resolve) => {
    const fail = () => resolve({ status: 500, text: '' })
    const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      const { statusCode: status = 0, headers } = answer
      bodyOf(answer).then((read) => resolve({ status, etag: headers.etag, text: `${read}` }), fail)
    })
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}
