import { connect } from 'node:net'

export type HttpAnswer = { readonly status: number; readonly body: Buffer }

/** A connection that carries one request at a time. */
export type HttpConnection = {
  /** Sends prepared bytes, which must not change until the answer has come. Rejects when the connection is lost. */
  exchange(bytes: Buffer): Promise<HttpAnswer>
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')
const NOTHING = Buffer.alloc(0)

/**
 * Opens a connection of HTTP/1.1 that does only what a load needs, so that the load costs little
 * beside the server it measures: it reads the status and the whole body, and hands them on.
 */
export function openConnection(port: number): Promise<HttpConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let received: Buffer = NOTHING
    let resolveAnswer: (answer: HttpAnswer) => void = () => {}
    let fail: (error: Error) => void = reject
    socket.once('connect', () => {
      resolve({
        exchange: (bytes) =>
          new Promise((resolve, reject) => {
            resolveAnswer = resolve
            fail = reject
            socket.write(bytes)
          }),
        close: () => socket.destroy(),
      })
    })
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const answer = readAnswer(received)
      if (!answer) return
      received = NOTHING
      resolveAnswer(answer)
    })
    socket.on('error', (error) => fail(error))
    socket.on('close', () => fail(new Error('the server closed the connection')))
  })
}

/** The answer, once all of it is there. */
export function readAnswer(bytes: Buffer): HttpAnswer | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const body = bytes.subarray(headEnd + HEAD_END.length)
  const length = /\ncontent-length: *(\d+)/i.exec(head)?.[1]
  const isComplete =
    length === undefined
      ? bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
      : body.length >= Number(length)
  return isComplete ? { status: Number(head.slice(9, 12)), body } : undefined
}
