import { createServer, type Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cut, type CutPoint, commitWatch } from './commit-cut.ts'
import { completionWatch, type FrontendMessage, frontendMessages } from './postgres-messages.ts'

/**
 * Stands between the program and PostgreSQL and breaks the line in every way a network can.
 *
 * `pass` forwards; `halfOpen` reads nothing more and answers nothing, but keeps every socket, as a
 * router does that has forgotten a connection; `refuse` closes at once.
 */
export type ProxyMode = 'pass' | 'halfOpen' | 'refuse'

export type FaultProxy = {
  readonly port: number
  /** For connections that exist and for new ones alike, unless told otherwise. */
  setMode(mode: ProxyMode, which?: 'all' | 'existing'): void
  /** Holds every chunk back that long, in both directions. */
  setDelayMs(delayMs: number): void
  /** Lets that many bytes a second through in each direction of each connection; 0 is no limit. */
  setBytesPerSecond(bytesPerSecond: number): void
  /** Cuts the next commit whose way matches, once; resolves when it was cut. */
  cutNextCommit(point: CutPoint, isTheOne: (statement: string) => boolean): Promise<void>
  /** Closes every connection hard. */
  cutAll(): void
  connections(): number
  close(): Promise<void>
}

type State = {
  mode: ProxyMode
  delayMs: number
  bytesPerSecond: number
  cut: Cut | undefined
  readonly lines: Set<Line>
}

/** One connection of the program and its continuation to PostgreSQL. */
type Line = {
  readonly client: Socket
  readonly server: Socket
  mode: ProxyMode
  cut(): void
}

/** Listens on a free port of 127.0.0.1 and forwards to `serverPort`. */
export async function startProxy(serverPort: number): Promise<FaultProxy> {
  const state: State = {
    mode: 'pass',
    delayMs: 0,
    bytesPerSecond: 0,
    cut: undefined,
    lines: new Set(),
  }
  const listener = createServer({ noDelay: true }, (client) => open(client, serverPort, state))
  const port = await listen(listener)
  return {
    port,
    setMode(mode, which = 'all') {
      if (which === 'all') state.mode = mode
      for (const line of state.lines) applyMode(line, mode)
    },
    setDelayMs(delayMs) {
      state.delayMs = delayMs
    },
    setBytesPerSecond(bytesPerSecond) {
      state.bytesPerSecond = bytesPerSecond
    },
    cutNextCommit: (point, isTheOne) =>
      new Promise((done) => {
        state.cut = { point, isTheOne, done }
      }),
    cutAll() {
      for (const line of state.lines) line.cut()
    },
    connections: () => state.lines.size,
    close() {
      for (const line of state.lines) line.cut()
      return new Promise((resolve) => listener.close(() => resolve()))
    },
  }
}

function listen(listener: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = listener.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

function open(client: Socket, serverPort: number, state: State): void {
  if (state.mode === 'refuse') {
    client.resetAndDestroy()
    return
  }
  const server = new Socket()
  const line: Line = {
    client,
    server,
    mode: state.mode,
    cut() {
      state.lines.delete(line)
      client.resetAndDestroy()
      server.destroy()
    },
  }
  state.lines.add(line)
  for (const socket of [client, server]) {
    socket.on('error', () => line.cut())
    socket.on('close', () => {
      if (line.mode === 'pass') line.cut()
    })
  }
  server.connect({ port: serverPort, host: '127.0.0.1', noDelay: true })
  forwardFromClient(line, state)
  forwardFromServer(line, state)
  applyMode(line, line.mode)
}

/** A half-open line keeps both sockets and takes nothing more from either. */
function applyMode(line: Line, mode: ProxyMode): void {
  if (mode === 'refuse') {
    line.cut()
    return
  }
  line.mode = mode
  for (const socket of [line.client, line.server]) {
    if (mode === 'halfOpen') socket.pause()
    else socket.resume()
  }
}

function forwardFromServer(line: Line, state: State): void {
  const pass = throttled(line.server, line.client, line, state)
  line.server.on('data', (chunk) => pass(chunk))
}

function forwardFromClient(line: Line, state: State): void {
  const pass = throttled(line.client, line.server, line, state)
  const split = frontendMessages()
  const watch = commitWatch((statement) => claimCut(state, statement))
  let isCut = false
  const handle = (message: FrontendMessage) => {
    const { forward, next, cut } = watch(message)
    if (forward) pass(forward)
    isCut = next !== 'go on'
    if (!cut || !isCut) return
    if (next === 'cut now') finishCut(line, cut)
    else cutAtReply(line, cut)
  }
  line.client.on('data', (chunk) => {
    for (const message of split(chunk)) if (!isCut) handle(message)
  })
}

function claimCut(state: State, statement: string): Cut | undefined {
  const { cut } = state
  if (!cut?.isTheOne(statement)) return undefined
  state.cut = undefined
  return cut
}

/** Writes in order, after the delay and as fast as allowed; a full pipe stops the reading. */
function throttled(from: Socket, to: Socket, line: Line, state: State): (chunk: Buffer) => void {
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  const write = (chunk: Buffer) => {
    if (to.destroyed || to.write(chunk)) return
    from.pause()
    to.once('drain', () => {
      if (line.mode === 'pass') from.resume()
    })
  }
  return (chunk) => {
    const slowMs = state.bytesPerSecond > 0 ? (chunk.length / state.bytesPerSecond) * 1000 : 0
    const waitMs = state.delayMs + slowMs
    if (waitMs === 0 && waiting === 0) return write(chunk)
    waiting += 1
    last = last
      .then(() => sleep(waitMs))
      .then(() => {
        waiting -= 1
        write(chunk)
      })
  }
}

function finishCut(line: Line, cut: Cut): void {
  // What was written before must get out before the socket goes.
  line.server.end(() => line.cut())
  line.client.pause()
  line.server.removeAllListeners('data')
  cut.done()
}

/** Waits for the answer of PostgreSQL and lets nobody see it. */
function cutAtReply(line: Line, cut: Cut): void {
  const isComplete = completionWatch()
  line.server.removeAllListeners('data')
  line.server.on('data', (chunk) => {
    if (isComplete(chunk)) finishCut(line, cut)
  })
}
