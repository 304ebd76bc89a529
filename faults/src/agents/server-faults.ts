import type { IncomingMessage, ServerResponse } from 'node:http'

/** The twelve ways in which UsageFlow is not there for an agent. */
export const FAULTS = [
  'refused',
  'blackhole',
  'slow',
  'trickle',
  'error',
  'later',
  'unauthorized',
  'nonsense',
  'flood',
  'tls',
  'dns',
  'flapping',
] as const
export type ServerFault = (typeof FAULTS)[number]

export type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: Buffer
}

type Behaviour = {
  act(exchange: Exchange): void
  /** Whether what was sent is taken before the answer goes wrong, which the agent cannot know. */
  readonly isAfterCommit: boolean
}

const SLOW_MS = 30_000
const TRICKLE_MS = 1_000
const FLOOD_BYTES = 100 * 1024 * 1024
const FLOOD_CHUNK = Buffer.alloc(64 * 1024, ' ')
const JSON_TYPE = { 'content-type': 'application/json' }

/** What each does with a request. Of the others nothing arrives: they are faults of the way to the server. */
export const BEHAVIOURS: Partial<Readonly<Record<ServerFault, Behaviour>>> = {
  blackhole: { isAfterCommit: false, act: () => {} },
  slow: {
    isAfterCommit: true,
    act: ({ response }) => {
      const timer = setTimeout(() => response.writeHead(200, JSON_TYPE).end('{}'), SLOW_MS)
      response.once('close', () => clearTimeout(timer))
    },
  },
  trickle: {
    isAfterCommit: true,
    act: ({ response }) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' })
      const timer = setInterval(() => response.write(' '), TRICKLE_MS)
      response.once('close', () => clearInterval(timer))
    },
  },
  error: { isAfterCommit: false, act: ({ response }) => void response.writeHead(500).end('oops') },
  later: {
    isAfterCommit: false,
    act: ({ response }) => void response.writeHead(429, { 'retry-after': '3600' }).end(),
  },
  unauthorized: {
    isAfterCommit: false,
    act: ({ response }) => {
      const error = { code: 'auth.key_refused', message: 'The key is not valid.' }
      response.writeHead(401, JSON_TYPE).end(JSON.stringify({ error }))
    },
  },
  nonsense: {
    isAfterCommit: true,
    act: ({ response }) => void response.writeHead(200, JSON_TYPE).end('{"results":[{"sta'),
  },
  flood: { isAfterCommit: true, act: ({ response }) => flood(response) },
}

function flood(response: ServerResponse): void {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': String(FLOOD_BYTES) })
  let left = FLOOD_BYTES
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const chunk = FLOOD_CHUNK.subarray(0, Math.min(left, FLOOD_CHUNK.length))
      left -= chunk.length
      if (!response.write(chunk)) return
    }
    if (left === 0) response.end()
  }
  response.on('drain', more)
  more()
}
