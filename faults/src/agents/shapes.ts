import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One answer as it came over the line, to the byte. */
type Raw = { readonly bytes: Buffer; readonly firstMs: number; readonly lastMs: number }

type Shape = {
  readonly name: string
  readonly head: string
  readonly body?: Buffer
  /** So many bytes are read, then the client goes away. */
  readonly readsUpTo?: number
  /** What is there first comes before the rest is made. */
  readonly isStream?: true
}

const UPLOAD = Buffer.alloc(10 * 1024 * 1024, 'UsageFlow ')
const JSON_BODY = Buffer.from('{"model":"small"}')
const ANSWER_MS_MAX = 60_000
const HEADERS_OF_OURS = /^ratelimit(-policy)?:/i
/** Of time and chance. */
const HEADERS_THAT_DIFFER = /^date:/i

/** Every kind of answer that a host may give. */
export const SHAPES: readonly Shape[] = [
  { name: 'JSON', head: 'GET /shapes/json' },
  { name: 'a stream', head: 'GET /shapes/stream', isStream: true },
  { name: 'server-sent events', head: 'GET /shapes/events', isStream: true },
  { name: 'an upload of 10 MB', head: 'POST /shapes/upload', body: UPLOAD },
  { name: 'no content', head: 'GET /shapes/empty' },
  { name: 'a handler that throws', head: 'GET /shapes/throws' },
  { name: 'no route', head: 'GET /shapes/none' },
  { name: 'HEAD', head: 'HEAD /shapes/json' },
  { name: 'a limited request', head: 'GET /limited/1' },
  { name: 'a metered request', head: 'POST /each/1', body: JSON_BODY },
  { name: 'a body that is no JSON', head: 'POST /each/1', body: Buffer.from('{"model":') },
  { name: 'an answer that is cut', head: 'GET /cut' },
  { name: 'a client that goes away', head: 'GET /endless', readsUpTo: 3_000 },
]

export type Compared = {
  readonly differences: string[]
  /** Streams whose first part came late. */
  readonly heldBack: string[]
  /** Paths that were answered with 2xx by the host with us. */
  readonly answered: string[]
}

/** Asks both for every shape. */
export async function compareShapes(bare: number, covered: number): Promise<Compared> {
  const compared: Compared = { differences: [], heldBack: [], answered: [] }
  const { differences, heldBack, answered } = compared
  for (const shape of SHAPES) {
    const [without, with_] = [await ask(bare, shape), await ask(covered, shape)]
    const difference = differenceOf(shape, without, with_)
    if (difference !== null) differences.push(`${shape.name}: ${difference}`)
    if (shape.isStream && with_ && with_.firstMs * 2 > with_.lastMs) heldBack.push(shape.name)
    const [, path = ''] = shape.head.split(' ')
    if (with_ && /^HTTP\/1.1 2/.test(with_.bytes.toString('latin1', 0, 12))) answered.push(path)
  }
  return compared
}

function differenceOf(shape: Shape, without: Raw | null, with_: Raw | null): string | null {
  if (without === null) return 'no answer without us'
  if (with_ === null) return 'no answer with us'
  const [is, shouldBe] = [normal(with_.bytes, shape), normal(without.bytes, shape)]
  return is.equals(shouldBe) ? null : firstDifference(is, shouldBe)
}

/** Null if nothing came, or it never ended. */
async function ask(port: number, { head, body, readsUpTo }: Shape): Promise<Raw | null> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const startedAt = performance.now()
  const chunks: Buffer[] = []
  let [firstMs, length] = [0, 0]
  const over = new Promise<void>((resolve) => {
    socket.on('error', () => resolve()).on('close', () => resolve())
    socket.on('data', (chunk) => {
      firstMs ||= performance.now() - startedAt
      chunks.push(chunk)
      length += chunk.length
      if (readsUpTo !== undefined && length >= readsUpTo) socket.destroy()
    })
  })
  const type = body === UPLOAD ? 'application/octet-stream' : 'application/json'
  const headers = [
    ...['host: local', 'connection: close', 'x-user-id: shapes'],
    ...(body ? [`content-type: ${type}`, `content-length: ${body.length}`] : []),
  ]
  socket.write(`${head} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  if (body) socket.write(body)
  const timer = sleep(ANSWER_MS_MAX, 'late', { ref: false })
  const isLate = (await Promise.race([over, timer])) === 'late'
  socket.destroy()
  if (isLate || length === 0) return null
  return { bytes: Buffer.concat(chunks), firstMs, lastMs: performance.now() - startedAt }
}

/** Without the headers that differ by time, and those that limits add. */
function normal(bytes: Buffer, { readsUpTo }: Shape): Buffer {
  const end = bytes.indexOf('\r\n\r\n')
  const lines = bytes.toString('latin1', 0, end).split('\r\n')
  const kept = lines.filter(
    (line) => !HEADERS_OF_OURS.test(line) && !HEADERS_THAT_DIFFER.test(line),
  )
  const body = bytes.subarray(end, readsUpTo)
  return Buffer.concat([Buffer.from(kept.join('\r\n'), 'latin1'), body])
}

function firstDifference(is: Buffer, shouldBe: Buffer): string {
  const at = is.findIndex((byte, index) => byte !== shouldBe[index])
  const from = Math.max(0, (at < 0 ? is.length : at) - 20)
  const show = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1', from, from + 60))
  return `${is.length} bytes, not ${shouldBe.length}; ${show(is)}, not ${show(shouldBe)}`
}
